import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";

import { CHECKOUT, type Workspace } from "../../../tools/workspace/workspace";
import type { Sections } from "./sections";
import { makeStack, reconfigure } from "./stack";

/** The tests' own programs, which use components as other people's programs do. Each is its stack's name, too. */
export type Program = "swarm" | "tenancy";

/** Makes a workspace whose stack runs a program of the tests. */
export async function makeProgramStack(
  program: Program,
  sections: Sections,
  cloud: Record<string, string>,
): Promise<Workspace> {
  const workspace = await makeStack(program, sections, cloud);
  setProgram(workspace);
  return workspace;
}

/** Gives such a workspace another configuration. */
export function reconfigureProgram(workspace: Workspace, sections: Sections): void {
  reconfigure(workspace, sections);
  setProgram(workspace);
}

function setProgram({ dir, stack }: Workspace): void {
  const file = join(dir, "Pulumi.yaml");
  const project = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  writeFileSync(file, stringify({ ...project, main: join(CHECKOUT, "dist/test/e2e/programs", stack, "index.js") }));
}
