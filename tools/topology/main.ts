import { writeFileSync } from "node:fs";

import { Command } from "commander";

import { configSource, readSections } from "../../stacks/config/file";
import { parseConfig } from "../../stacks/config/parse";
import { planStack } from "../../stacks/plan";
import { CHECKOUT } from "../workspace/workspace";
import { drawTopology } from "./draw";

async function main(stack: string, options: { output?: string }): Promise<void> {
  const config = parseConfig(readSections(CHECKOUT, stack), configSource(CHECKOUT, stack));
  const svg = await drawTopology(config, planStack(config, stack), stack);
  if (options.output === undefined) process.stdout.write(svg);
  else writeFileSync(options.output, svg);
}

new Command("topology")
  .description("Draws a stack of this checkout as SVG, from its configuration alone.")
  .argument("<stack>", "the stack, such as production")
  .option("-o, --output <file>", "file to write (default: standard output)")
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
