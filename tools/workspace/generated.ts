import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { CHECKOUT } from "./workspace";

/** Texts of files that are generated and committed, by their paths in the checkout. */
export type Generated = Readonly<Record<string, string>>;

export function writeGenerated(files: Generated): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(CHECKOUT, file)), { recursive: true });
    writeFileSync(join(CHECKOUT, file), text);
  }
}

/** The files that are not in the checkout as they would be written now. */
export function staleOf(files: Generated): string[] {
  const stale = Object.entries(files).filter(([file, text]) => {
    const path = join(CHECKOUT, file);
    return !existsSync(path) || readFileSync(path, "utf8") !== text;
  });
  return stale.map(([file]) => file);
}
