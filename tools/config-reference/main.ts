import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Command } from "commander";

import { CHECKOUT } from "../workspace/workspace";
import { generatedFiles } from "./reference";

async function main(options: { check?: boolean }): Promise<void> {
  const files = Object.entries(await generatedFiles());
  if (options.check !== true) {
    for (const [file, text] of files) writeFileSync(join(CHECKOUT, file), text);
    return;
  }
  const stale = files.filter(([file, text]) => committed(file) !== text).map(([file]) => file);
  if (stale.length === 0) return;
  console.error(`Not what the schemas and rules say: ${stale.join(", ")}. Run \`make docs\`.`);
  process.exitCode = 1;
}

function committed(file: string): string | undefined {
  const path = join(CHECKOUT, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

void new Command("config-reference")
  .description("Writes the configuration's reference and JSON Schema from stacks/config/schema.ts.")
  .option("--check", "write nothing; exit 1 if a file is stale")
  .action(main)
  .parseAsync();
