import { Command } from "commander";

import { UserError } from "../../components/errors";
import { balanceOf } from "../../stacks/cloud/balance";
import { findingsOf } from "../../stacks/cloud/check";
import { readInventory } from "../../stacks/cloud/inventory";
import { needsOf } from "../../stacks/cloud/needs";
import { connectTo, ownStack } from "../workspace/own";
import { planWorkspace } from "../workspace/plan";
import { withProgress } from "../workspace/progress";
import type { Workspace } from "../workspace/workspace";
import { formatPreflight, type Preflight, preflightOf } from "./report";

/** What the process ends with. */
const EXIT = { fits: 0, short: 1, error: 2 } as const;

/** Plans a stack and compares the whole of it with its project; nothing is created or changed. */
export async function preflight(workspace: Workspace): Promise<Preflight> {
  const { config, plan, owner } = await withProgress("planning", () => planWorkspace(workspace));
  if (config.docker !== undefined) {
    throw new UserError(`Stack "${workspace.stack}" runs on Docker, which has no quotas: there is nothing to compare.`);
  }
  const client = await withProgress("logging in", () => connectTo(config.cloud.name, workspace));
  const inventory = await withProgress("reading the project", () => readInventory(client, plan.prefix));
  const needs = needsOf(config, plan);
  return preflightOf(balanceOf(needs, inventory), findingsOf(needs, inventory, owner));
}

async function main(stack: string, options: { json?: boolean; dir?: string }): Promise<void> {
  const found = await preflight(ownStack(stack, options.dir));
  console.log(options.json === true ? JSON.stringify(found, undefined, 2) : formatPreflight(stack, found));
  process.exitCode = found.fits ? EXIT.fits : EXIT.short;
}

if (require.main === module) {
  new Command("preflight")
    .description("Compares everything that a stack will create with what its project has left; changes nothing.")
    .argument("<stack>", "the stack")
    .option("--json", "the same as JSON")
    .option("--dir <folder>", "folder of the Pulumi project (default: this checkout)")
    .addHelpText("after", "\nExit code: 0 it fits, 1 something is short or in the way, 2 the comparison failed.")
    .action(main)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fits : EXIT.error))
    .parseAsync()
    .catch((error: unknown) => {
      console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = EXIT.error;
    });
}
