import { readFileSync } from "node:fs";

import { parse } from "yaml";

import type { CloudClient } from "../../../stacks/cloud/client";
import { sandboxEnv } from "../../../tools/sandbox/openstack";
import { connectCloud } from "../../../tools/workspace/cloud";

/** The sandbox that the end-to-end tests share. */
export const E2E_SANDBOX = "e2e";

/** The variables of the project's user. */
export function userCloud(): Promise<Record<string, string>> {
  return sandboxEnv(E2E_SANDBOX);
}

/** A client of the project's user, or of the administrator in the administrator's project. */
export async function clientOf(cloud = "sandbox"): Promise<CloudClient> {
  return connectCloud({ dir: "", stack: "", env: { ...(await userCloud()), OS_CLOUD: cloud } });
}

/** The URL of the sandbox's Keystone, as its clouds.yaml has it. */
export async function authUrl(): Promise<string> {
  const file = (await userCloud())["OS_CLIENT_CONFIG_FILE"] ?? "";
  const { clouds } = parse(readFileSync(file, "utf8")) as { clouds: Record<string, { auth: { auth_url: string } }> };
  return clouds["sandbox"]?.auth.auth_url ?? "";
}
