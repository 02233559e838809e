import { join } from "node:path";

import { execa } from "execa";

import { CHECKOUT, engineOptions, type Workspace } from "../../../tools/workspace/workspace";
import type { Run } from "./stack";

/** Starts one of the checkout's tools on a workspace's stack, as `make` does. */
export function startTool(workspace: Workspace, tool: string, ...flags: string[]) {
  const file = join(CHECKOUT, "dist", "tools", tool, "main.js");
  const args = [file, workspace.stack, "--dir", workspace.dir, ...flags];
  const options = engineOptions(workspace);
  // Under `CI` tables are coloured, and what tests look for is not.
  return execa("node", args, { ...options, env: { ...options.env, NO_COLOR: "1" }, all: true, reject: false });
}

export async function runTool(workspace: Workspace, tool: string, ...flags: string[]): Promise<Run> {
  const result = await startTool(workspace, tool, ...flags);
  return { exitCode: result.exitCode ?? -1, output: String(result.all) };
}
