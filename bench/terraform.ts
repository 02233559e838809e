import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";

/** The Terraform of this machine: a user's own, else the OpenTofu that the toolchain brought. */
export async function findTerraform(): Promise<string | undefined> {
  for (const command of ["terraform", "tofu"]) {
    const found = await execa(command, ["version"], { reject: false });
    if (found.exitCode === 0) return command;
  }
  return undefined;
}

/** Writes the same networks as `programs/networks.ts` and gets the provider, so that `plan` can be timed. */
export async function prepareTerraform(command: string, dir: string, resources: number): Promise<void> {
  writeFileSync(join(dir, "main.tf"), configuration(resources));
  await execa(command, ["init", "-no-color"], { cwd: dir });
}

function configuration(resources: number): string {
  return `terraform {
  required_providers {
    openstack = { source = "terraform-provider-openstack/openstack" }
  }
}
provider "openstack" {
  auth_url    = "https://cloud.invalid/v3"
  user_name   = "nobody"
  password    = "none"
  tenant_name = "none"
  domain_name = "Default"
}
${Array.from({ length: resources }, (_, index) => network(index)).join("")}`;
}

function network(index: number): string {
  return `resource "openstack_networking_network_v2" "net-${index}" {
  name           = "net-${index}"
  admin_state_up = true
  tags           = ["bench"]
}
`;
}
