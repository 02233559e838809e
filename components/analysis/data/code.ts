import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Python code that lies beside this file; what is compiled finds it in the sources. */
export function codeOf(file: string): string {
  const here = join(__dirname, file);
  return readFileSync(existsSync(here) ? here : join(__dirname, "../../../../components/analysis/data", file), "utf8");
}
