import { existsSync } from "node:fs";
import { join, sep } from "node:path";

const COMPILED = `${sep}dist${sep}`;

/**
 * Path of a file or folder that lies beside a module's source, by the module's `__dirname`: compiled modules, which are
 * below `dist/`, find it in the sources.
 */
export function besideSource(folder: string, name: string): string {
  const here = join(folder, name);
  if (existsSync(here)) return here;
  const at = folder.lastIndexOf(COMPILED);
  return join(folder.slice(0, at), folder.slice(at + COMPILED.length), name);
}
