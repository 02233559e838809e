/** An import that is there when the program runs; those of types alone are not. */
export interface Import {
  to: string;
  /** By `import(…)`, so that it is loaded only when the program comes there. */
  dynamic: boolean;
}

/** Modules and what they import, by paths from the repository's root. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** Where every stack's program begins. */
export const ENTRY = "stacks/index.ts";

/** Reads the imports of the program from its sources. */
export async function readImports(root: string): Promise<ImportGraph> {
  // Of the libraries that draw import graphs the one that tells imports of types and dynamic ones from the rest.
  const { cruise } = await import("dependency-cruiser");
  const { output } = await cruise([ENTRY], {
    baseDir: root,
    // Without `specify` a file that is only imported for its types looks like any other.
    tsPreCompilationDeps: "specify",
    exclude: { path: "(^|/)node_modules/" },
  });
  if (typeof output === "string") throw new Error("the import graph is not understood");
  return new Map(
    output.modules.map(({ source, dependencies }) => {
      const atRunTime = dependencies.filter(
        ({ dynamic, preCompilationOnly }) => dynamic || preCompilationOnly !== true,
      );
      return [source, atRunTime.map(({ resolved, dynamic }) => ({ to: resolved, dynamic }))];
    }),
  );
}

/** Modules that are loaded where these are, themselves included. */
export function reachedFrom(
  graph: ImportGraph,
  modules: readonly string[],
  follow: (one: Import) => boolean,
): Set<string> {
  const reached = new Set<string>();
  const open = [...modules];
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    if (reached.has(module)) continue;
    reached.add(module);
    open.push(...(graph.get(module) ?? []).filter(follow).map(({ to }) => to));
  }
  return reached;
}
