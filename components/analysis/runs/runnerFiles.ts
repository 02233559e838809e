import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { SourceFile } from "./load";

/** Folder of the Python modules that run an analysis; compiled programs find them in the sources. */
export function runnerFolder(): string {
  const here = join(__dirname, "runner");
  return existsSync(here) ? here : join(__dirname, "../../../../components/analysis/runs/runner");
}

/** Its modules. */
export function runnerFiles(): SourceFile[] {
  const folder = runnerFolder();
  const names = readdirSync(folder).filter((name) => name.endsWith(".py"));
  return names.sort().map((path) => ({ path, content: readFileSync(join(folder, path)) }));
}
