import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Command } from "commander";

import { CHECKOUT } from "../workspace/workspace";
import { componentPages, PAGES, readFolder } from "./pages";

async function main({ check }: { check?: boolean }): Promise<void> {
  const folder = join(CHECKOUT, PAGES);
  const pages = await componentPages();
  if (check !== true) {
    rmSync(folder, { recursive: true, force: true });
    for (const [path, text] of pages) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return;
  }
  const committed = existsSync(folder) ? readFolder(folder) : new Map<string, string>();
  const names = new Set([...pages.keys(), ...committed.keys()]);
  const stale = [...names].filter((name) => pages.get(name) !== committed.get(name)).sort();
  if (stale.length === 0) return;
  console.error(
    `Not what the components' docstrings say: ${stale.map((name) => `${PAGES}/${name}`).join(", ")}. Run \`make docs\`.`,
  );
  process.exitCode = 1;
}

void new Command("component-reference")
  .description("Writes a page for each component from its docstrings.")
  .option("--check", "write nothing; exit 1 if a page is stale")
  .action(main)
  .parseAsync();
