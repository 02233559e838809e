import { readFileSync } from "node:fs";

import { parse } from "yaml";

import type { CloudClient } from "../../../components/cloud/client";
import { sandboxCommand, sandboxEnv } from "../../../tools/sandbox/openstack";
import { connectCloud } from "../../../tools/workspace/cloud";

/** The embedded OpenStack of this file's tests: files run side by side, and each compares its cloud before and after. */
export const TEST_SANDBOX = `files-${process.env["VITEST_POOL_ID"] ?? "0"}`;

let started: Promise<void> | undefined;

/** The variables of the project's user; starts the sandbox when they are asked for first. */
export async function userCloud(): Promise<Record<string, string>> {
  await (started ??= sandboxCommand(TEST_SANDBOX, "up", "--fresh"));
  return sandboxEnv(TEST_SANDBOX);
}

/** Stops the sandbox, if this file's tests have started it. */
export async function endCloud(): Promise<void> {
  if (started !== undefined) await sandboxCommand(TEST_SANDBOX, "down", "--delete");
  started = undefined;
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
