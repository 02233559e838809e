import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Command } from "commander";
import { format } from "prettier";

import { CHECKOUT } from "../workspace/workspace";
import { renderJsonSchema, renderMarkdown } from "./reference";

async function main(options: { check?: boolean }): Promise<void> {
  const files: Record<string, string> = {
    "docs/pulumi-config.schema.json": renderJsonSchema(),
    "docs/configuration.md": await format(renderMarkdown(), { parser: "markdown", printWidth: 120 }),
  };
  for (const [file, text] of Object.entries(files)) {
    const path = join(CHECKOUT, file);
    if (options.check !== true) {
      writeFileSync(path, text);
    } else if (readFileSync(path, "utf8") !== text) {
      console.error(`${file} is not what stacks/config/schema.ts says; run \`make docs\`.`);
      process.exitCode = 1;
    }
  }
}

void new Command("config-reference")
  .description("Writes the configuration's reference and JSON Schema from stacks/config/schema.ts.")
  .option("--check", "write nothing; exit 1 if a file is stale")
  .action(main)
  .parseAsync();
