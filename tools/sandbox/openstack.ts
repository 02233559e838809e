import { join } from "node:path";

import { execa } from "execa";

import { CHECKOUT, failOn } from "../workspace/workspace";

const SANDBOX = join(CHECKOUT, "sandbox/openstack/sandbox");

/** Runs a command of the embedded OpenStack's supervisor with its output shown. */
export async function sandboxCommand(name: string, command: string, ...flags: string[]): Promise<void> {
  const result = await execa(SANDBOX, [command, "--name", name, ...flags], { stdio: "inherit", reject: false });
  if (result.exitCode !== 0) throw new Error(`sandbox ${command} ended with ${result.exitCode ?? "a signal"}; see \`sandbox/openstack/sandbox logs\``);
}

/** The variables that lead to an embedded OpenStack. */
export async function sandboxEnv(name: string): Promise<Record<string, string>> {
  const result = await execa(SANDBOX, ["env", "--name", name, "--json"], { reject: false });
  failOn(result, "sandbox env");
  return JSON.parse(result.stdout) as Record<string, string>;
}
