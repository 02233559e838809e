import { Command } from "commander";

import { staleOf, writeGenerated } from "../workspace/generated";
import { generatedFiles } from "./reference";

async function main(options: { check?: boolean }): Promise<void> {
  const files = await generatedFiles();
  if (options.check !== true) return writeGenerated(files);
  const stale = staleOf(files);
  if (stale.length === 0) return;
  console.error(`Not what stacks/config/schema.ts says: ${stale.join(", ")}. Run \`make docs\`.`);
  process.exitCode = 1;
}

void new Command("config-reference")
  .description("Writes the configuration's reference and JSON Schema from stacks/config/schema.ts.")
  .option("--check", "write nothing; exit 1 if a file is stale")
  .action(main)
  .parseAsync();
