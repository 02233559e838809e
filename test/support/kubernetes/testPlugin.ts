import { join } from "node:path";

import { execa } from "execa";

import { CHECKOUT } from "../../../tools/workspace/workspace";

const toolchain = join(CHECKOUT, "sandbox/toolchain/toolchain");
const PLUGIN = "kubernetes-test-plugin";

/**
 * The variables under which the engine finds a plugin for `@pulumi/kubernetes`: an official one where there is one, else
 * the one that the toolchain has for tests, which is built first if need be. They go into the engine's environment.
 */
export async function kubernetesPlugin(): Promise<Record<string, string>> {
  await execa(toolchain, ["ensure", PLUGIN]);
  const { stdout } = await execa(toolchain, ["env", "--json", "--with", PLUGIN]);
  return JSON.parse(stdout) as Record<string, string>;
}
