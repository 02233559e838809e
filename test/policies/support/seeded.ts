import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stringify } from "yaml";

import { CHECKOUT, ensureStack, type Workspace } from "../../../tools/workspace/workspace";

/** The name of the project's only stack, and so the prefix of its names. */
export const STACK = "seeded";

/** What every program of the tests begins with; `owned` marks what is the stack's. */
const HEAD = `
const pulumi = require("@pulumi/pulumi");
const openstack = require("@pulumi/openstack");
const provider = new openstack.Provider("cloud", {
  authUrl: "https://cloud.invalid/v3", userName: "nobody", password: pulumi.secret("none"), tenantName: "none",
  domainName: "Default",
});
const opts = { provider };
const owner = "seeded/${STACK}";
const tags = ["fabric-stack=" + owner];
const metadata = { "fabric-stack": owner };
`;

/** A project of its own with a program in JavaScript, that needs neither a cloud nor a compiler. */
export async function seededProgram(source: string): Promise<Workspace> {
  const dir = mkdtempSync(join(tmpdir(), "fabric-seeded-"));
  mkdirSync(join(dir, "state"));
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(join(dir, "Pulumi.yaml"), stringify({ name: "seeded", runtime, main: "program" }));
  // The program's folder is not the project's: the pack must not look for its own files in either.
  mkdirSync(join(dir, "program"));
  writeFileSync(join(dir, "program", "index.js"), HEAD + source);
  symlinkSync(join(CHECKOUT, "node_modules"), join(dir, "node_modules"));
  const env = {
    PULUMI_BACKEND_URL: `file://${join(dir, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString("base64url"),
  };
  const workspace: Workspace = { dir, stack: STACK, env };
  await ensureStack(workspace);
  return workspace;
}
