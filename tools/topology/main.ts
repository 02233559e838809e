import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import { Command } from "commander";

import { UserError } from "../../components/errors";
import { configSource, readSections } from "../../stacks/config/file";
import { parseConfig } from "../../stacks/config/parse";
import type { StackConfig } from "../../stacks/config/schema";
import { planStack, type StackPlan } from "../../stacks/plan";
import { shippedStacks } from "../preview/main";
import { CHECKOUT } from "../workspace/workspace";
import { drawTopology } from "./draw";

async function main(stack: string, options: { output?: string }): Promise<void> {
  const { config, plan } = planOf(stack);
  const svg = await drawTopology(config, plan, stack);
  if (options.output === undefined) {
    process.stdout.write(svg);
    return;
  }
  mkdirSync(dirname(options.output), { recursive: true });
  writeFileSync(options.output, svg);
}

function planOf(stack: string): { config: StackConfig; plan: StackPlan } {
  const config = configOf(stack);
  if (config === undefined) {
    const { file } = configSource(CHECKOUT, stack);
    throw new UserError(`There is no ${file}. Stacks that are there: ${shippedStacks().join(", ")}.`);
  }
  return { config, plan: planStack(config, stack, networkRead(config)) };
}

function configOf(stack: string): StackConfig | undefined {
  const source = configSource(CHECKOUT, stack);
  return existsSync(join(CHECKOUT, source.file)) ? parseConfig(readSections(CHECKOUT, stack), source) : undefined;
}

/** The zones of a network that another stack owns, if that stack's configuration is in this checkout, too. */
function networkRead(config: StackConfig): { zones: StackPlan["zones"] } | undefined {
  if (config.network !== undefined || config.reads.network === undefined) return undefined;
  const owner = basename(config.reads.network);
  const read = configOf(owner);
  // Only the network is read, so only it is planned; and a stack that reads itself ends here.
  return read && { zones: planStack({ cloud: read.cloud, reads: {}, network: read.network }, owner).zones };
}

new Command("topology")
  .description("Draws a stack of this checkout as SVG, from its configuration alone.")
  .argument("<stack>", "the stack, such as production")
  .option("-o, --output <file>", "file to write (default: standard output)")
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    // A user's mistake is its message alone; anything else is ours, and its stack is wanted.
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });
