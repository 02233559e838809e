import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { besideSource } from "../../sources";
import type { SourceFile } from "./load";

/** Folder of the Python modules that run an analysis. */
export function runnerFolder(): string {
  return besideSource(__dirname, "runner");
}

/** Its modules. */
export function runnerFiles(): SourceFile[] {
  const folder = runnerFolder();
  const names = readdirSync(folder).filter((name) => name.endsWith(".py"));
  return names.sort().map((path) => ({ path, content: readFileSync(join(folder, path)) }));
}
