import { join } from "node:path";

import { execa } from "execa";

import { CHECKOUT } from "./workspace";

const TOOLCHAIN = join(CHECKOUT, "sandbox", "toolchain", "toolchain");

/**
 * Makes sure of a plugin that ordinary set-up leaves out, building it where it cannot be had otherwise (some minutes,
 * once). Gives the engine's environment with it.
 */
export async function ensurePlugin(name: string): Promise<Record<string, string>> {
  await execa(TOOLCHAIN, ["ensure", "pulumi", "language-nodejs", name], { stdio: ["ignore", "ignore", "inherit"] });
  const { stdout } = await execa(TOOLCHAIN, ["env", "--json"]);
  return JSON.parse(stdout) as Record<string, string>;
}
