import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";

import { Command } from "commander";

import { staleOf, writeGenerated } from "../workspace/generated";
import { CHECKOUT } from "../workspace/workspace";
import { componentPages, filesBelow, PAGES } from "./pages";

async function main({ check }: { check?: boolean }): Promise<void> {
  const folder = join(CHECKOUT, PAGES);
  const pages = await componentPages();
  if (check !== true) {
    rmSync(folder, { recursive: true, force: true });
    return writeGenerated(pages);
  }
  const committed = existsSync(folder) ? filesBelow(folder).map((file) => join(PAGES, file)) : [];
  const stale = [...staleOf(pages), ...committed.filter((file) => !(file in pages))].sort();
  if (stale.length === 0) return;
  console.error(`Not what the components' docstrings say: ${stale.join(", ")}. Run \`make docs\`.`);
  process.exitCode = 1;
}

void new Command("component-reference")
  .description("Writes a page for each component from its docstrings.")
  .option("--check", "write nothing; exit 1 if a page is stale")
  .action(main)
  .parseAsync();
