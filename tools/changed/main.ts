import { resolve } from "node:path";

import { Command, Option } from "commander";

import { UserError } from "../../components/errors";
import { CHECKOUT } from "../workspace/workspace";
import { type ChangedStack, changedStacks } from "./changed";

/** What the process ends with. */
const EXIT = { done: 0, error: 2 } as const;

interface Options {
  base: string;
  json?: boolean;
  names?: boolean;
  dir?: string;
}

async function main({ base, json, names, dir = CHECKOUT }: Options): Promise<void> {
  const stacks = await changedStacks(resolve(dir), base);
  if (json === true) console.log(JSON.stringify({ base, stacks }, undefined, 2));
  else if (names === true) process.stdout.write(stacks.map(({ stack }) => `${stack}\n`).join(""));
  else console.log(stacks.length === 0 ? `No stack is concerned by what changed since ${base}.` : tableOf(stacks));
}

/** Reasons of a stack that are shown as text; as JSON there are all. */
const SHOWN = 5;

/** A line a reason, the stack's name before the first. */
function tableOf(stacks: readonly ChangedStack[]): string {
  const width = Math.max(...stacks.map(({ stack }) => stack.length));
  return stacks
    .flatMap(({ stack, reasons }) =>
      shownOf(reasons).map((reason, i) => `${(i === 0 ? stack : "").padEnd(width)}  ${reason}`),
    )
    .join("\n");
}

function shownOf(reasons: readonly string[]): string[] {
  const more = reasons.length - SHOWN;
  return more > 1 ? [...reasons.slice(0, SHOWN), `and ${more} more`] : [...reasons];
}

if (require.main === module) {
  new Command("changed")
    .description("Lists the stacks that the commits since a base concern, with the reasons.")
    .requiredOption("--base <ref>", "branch, tag or commit that is compared with, such as origin/main")
    .addOption(new Option("--json", "as JSON").conflicts("names"))
    .option("--names", "only the stacks' names, a line each")
    .option("--dir <folder>", "folder of the Pulumi project (default: this checkout)")
    .addHelpText("after", "\nExit code: 0 also where no stack is concerned, 2 it could not be found out.")
    .action(main)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.done : EXIT.error))
    .parseAsync()
    .catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      console.error(`error: ${error.message}`);
      process.exitCode = EXIT.error;
    });
}
