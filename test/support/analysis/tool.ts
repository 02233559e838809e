import { join } from "node:path";

import { execa } from "execa";

import type { Outcome } from "../../../tools/analysis/local";
import { CHECKOUT } from "../../../tools/workspace/workspace";

const TOOL = join(CHECKOUT, "dist/tools/analysis/main.js");

/** A run of the tool: what it says, how long it took, and how it ended. */
export interface Said {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  milliseconds: number;
}

/** Starts `analysis …` as a user would; the process is there at once, its end is awaited. */
export function startTool(args: readonly string[], env: Record<string, string | undefined> = process.env) {
  return execa(process.execPath, [TOOL, ...args], { reject: false, env, extendEnv: false });
}

/** Runs `analysis …` to its end. */
export async function tool(args: readonly string[], env?: Record<string, string | undefined>): Promise<Said> {
  const started = Date.now();
  const { exitCode, stdout, stderr } = await startTool(args, env);
  return { exitCode, stdout, stderr, milliseconds: Date.now() - started };
}

/** Runs `analysis run … --json` and gives what became of it. */
export async function runAnalysis(file: string, ...args: string[]): Promise<Outcome> {
  const said = await tool(["run", file, ...args, "--json"]);
  if (said.exitCode !== 0) throw new Error(`analysis run ended with ${said.exitCode}: ${said.stderr}`);
  return JSON.parse(said.stdout) as Outcome;
}
