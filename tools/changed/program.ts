import { dirname } from "node:path";

import { ENTRY, type ImportGraph, reachedFrom } from "./graph";

/** The program by who loads what of it. */
export interface Program {
  /** Modules that every stack loads. */
  core: ReadonlySet<string>;
  /** Modules that a stack with a section loads, by the section. */
  layers: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Whom a changed file of the program concerns, and why. */
export interface Concern {
  /** Stacks with one of these sections; `all` of them. */
  sections: readonly string[] | "all";
  reason: string;
}

/** Files that decide how the program is built and run. */
const FOUNDATION = ["Pulumi.yaml", "program.js", "package.json", "package-lock.json", "tsconfig.json"];

/**
 * Splits the program at the dynamic imports of its entry: a layer is loaded where a stack has its section, and its file
 * begins with the section's name (`clusters.ts`, `docker/layers.ts`, `analysisPlan.ts`). Any other is loaded by all. What
 * plans a section lies in its folder, and counts for its layer even where all stacks load it.
 */
export function programOf(graph: ImportGraph, sections: readonly string[]): Program {
  const gates = (graph.get(ENTRY) ?? []).filter(({ dynamic }) => dynamic).map(({ to }) => to);
  const sectionOf = (gate: string) => sections.find((section) => isOf(section, gate));
  const isGate = new Set(gates.filter((gate) => sectionOf(gate) !== undefined));
  const core = reachedFrom(graph, [ENTRY], ({ to }) => !isGate.has(to));
  const layers = new Map<string, Set<string>>();
  for (const section of sections) {
    const own = [...isGate].filter((gate) => sectionOf(gate) === section);
    const planning = [...core].filter((module) => isOf(section, module));
    if (own.length === 0) continue;
    layers.set(
      section,
      reachedFrom(graph, [...own, ...planning], () => true),
    );
  }
  return { core, layers };
}

/** Whether a module is of one section alone, by where it lies. */
function isOf(section: string, module: string): boolean {
  return module.startsWith(`components/${section}/`) || module.startsWith(`${dirname(ENTRY)}/${section}`);
}

/** Whether a file can be of the program, by its path alone. */
export function mayBeProgram(file: string): boolean {
  return /^components\/.*(?<!\.md)$|^stacks\/.*\.ts$/.test(file);
}

/** Whom a changed file concerns; nobody where the program never loads it. `isThere` says whether it was not removed. */
export function concernOf(program: Program, file: string, isThere: boolean): Concern | undefined {
  if (FOUNDATION.includes(file)) return { sections: "all", reason: `${file} changed, which every stack runs by` };
  const known = moduleConcern(program, file);
  if (known !== undefined) return { sections: known, reason: loadedBy(file, "is", known) };
  // A module that is there and not known is loaded by nobody; other files are read by the modules beside them.
  if (!mayBeProgram(file) || (file.endsWith(".ts") && isThere)) return undefined;
  const near = folderConcern(program, dirname(file));
  const verb = isThere ? "lies beside modules that are" : "was removed from beside modules that are";
  return near && { sections: near, reason: loadedBy(file, verb, near) };
}

function loadedBy(file: string, verb: string, sections: readonly string[] | "all"): string {
  if (sections === "all") return `${file} ${verb} imported by every stack`;
  return `${file} ${verb} imported by the ${sections.length === 1 ? "layer" : "layers"} ${sections.join(", ")}`;
}

/**
 * What every stack loads concerns all; but what lies in a layer's own folder and is loaded to plan that layer is used only
 * where a stack has it, as `stacks/plan.ts` does.
 */
function moduleConcern({ core, layers }: Program, file: string): readonly string[] | "all" | undefined {
  const sections = [...layers].filter(([, modules]) => modules.has(file)).map(([section]) => section);
  const isLayersOwn = [...layers.keys()].some((section) => isOf(section, file));
  if (core.has(file) && !(isLayersOwn && sections.length > 0)) return "all";
  return sections.length > 0 ? sections : undefined;
}

/** Of the modules of a folder; of the next one above where it has none. */
function folderConcern(program: Program, folder: string): readonly string[] | "all" | undefined {
  const modules = [...new Set([program.core, ...program.layers.values()].flatMap((set) => [...set]))];
  const here = modules.filter((module) => dirname(module) === folder);
  if (here.length === 0) return folder.includes("/") ? folderConcern(program, dirname(folder)) : undefined;
  const found = here.map((module) => moduleConcern(program, module) ?? []);
  if (found.includes("all")) return "all";
  return [...program.layers.keys()].filter((section) => found.some((sections) => sections.includes(section)));
}
