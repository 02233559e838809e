import { readFileSync } from "node:fs";

import { besideSource } from "../../sources";

/** Python code that lies beside this file. */
export function codeOf(file: string): string {
  return readFileSync(besideSource(__dirname, file), "utf8");
}
