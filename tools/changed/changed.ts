import { existsSync } from "node:fs";
import { join } from "node:path";

import { SECTIONS } from "../../stacks/config/schema";
import { changedFiles } from "./git";
import { readImports } from "./graph";
import { type Concern, concernOf, mayBeProgram, programOf } from "./program";
import { readStacks, type Stack } from "./stacks";

/** A stack that a change concerns. */
export interface ChangedStack {
  stack: string;
  /** A sentence for every file that concerns it, or for the stack that it reads. */
  reasons: string[];
}

/** The stacks that the commits since `base` concern, with the reasons; in order of their names. */
export async function changedStacks(root: string, base: string): Promise<ChangedStack[]> {
  const files = await changedFiles(root, base);
  // Reading the imports takes seconds, and most changes are of configurations and documents alone.
  const graph = files.some(mayBeProgram) ? await readImports(root) : new Map<string, never>();
  const program = programOf(graph, Object.keys(SECTIONS));
  const concerns = files.flatMap((file) => concernOf(program, file, existsSync(join(root, file))) ?? []);
  return decide(readStacks(root), files, concerns);
}

/** Pure: stacks, changed files and what of the program they are → the stacks that are concerned. */
export function decide(
  stacks: readonly Stack[],
  files: readonly string[],
  concerns: readonly Concern[],
): ChangedStack[] {
  const reasons = new Map(stacks.map((stack) => [stack.name, ownReasons(stack, files, concerns)]));
  // Readers of readers too: as long as somebody is added.
  for (let added = true; added;) {
    added = false;
    for (const { name, reads } of stacks) {
      if (reasons.get(name)?.length !== 0) continue;
      const said = [...reads].filter(([, stack]) => (reasons.get(stack)?.length ?? 0) > 0);
      reasons.set(
        name,
        said.map(([setting, stack]) => `\`${setting}\` is ${stack}, which is concerned`),
      );
      added ||= said.length > 0;
    }
  }
  return [...reasons].filter(([, said]) => said.length > 0).map(([stack, said]) => ({ stack, reasons: said }));
}

function ownReasons(stack: Stack, files: readonly string[], concerns: readonly Concern[]): string[] {
  const own = files.filter((file) => stack.own.includes(file)).map((file) => `${file} changed`);
  const named = files.flatMap((file) => {
    const by = stack.named.find(({ path }) => file === path || file.startsWith(`${path}/`));
    return by === undefined ? [] : [`${file} is named by \`${by.setting}\``];
  });
  const program = concerns.filter(
    ({ sections }) => sections === "all" || sections.some((section) => stack.sections.includes(section)),
  );
  return [...own, ...named, ...program.map(({ reason }) => reason)];
}
