import { Command } from "commander";

import { ownStack } from "../workspace/own";
import { withProgress } from "../workspace/progress";
import { record, type Recorded, writeFacts } from "./record";

/** What the process ends with. */
const EXIT = { done: 0, differs: 1, error: 2 } as const;

async function main(stack: string, options: { check?: boolean; dir?: string }): Promise<void> {
  const workspace = ownStack(stack, options.dir);
  const recorded = await withProgress("reading the cloud", () => record(workspace, new Date()));
  if (options.check === true) {
    console.log(recorded.changed ? `${recorded.file} is not what the cloud has now.` : unchanged(recorded));
    process.exitCode = recorded.changed ? EXIT.differs : EXIT.done;
    return;
  }
  if (recorded.changed) writeFacts(workspace.dir, recorded);
  console.log(recorded.changed ? summaryOf(recorded) : unchanged(recorded));
}

function unchanged({ file, facts }: Recorded): string {
  return `${file} is as it was on ${facts.recorded}: the cloud has not changed.`;
}

function summaryOf({ file, facts: { inventory, magnum } }: Recorded): string {
  const { flavors, images, networks, quotas } = inventory;
  const count = (what: string, items: readonly unknown[]) => `${items.length} ${what}`;
  const kinds = [
    count("flavors", flavors),
    count("images", images),
    count("networks", networks),
    count("quotas", Object.keys(quotas)),
    count("clusters", magnum.clusters),
  ];
  return `${file}: ${kinds.join(", ")}. Read it, then commit it.`;
}

if (require.main === module) {
  new Command("record")
    .description("Records what previews of a stack depend on in its cloud, for previews without credentials.")
    .argument("<stack>", "the stack")
    .option("--check", "write nothing; say whether the file is what the cloud has now")
    .option("--dir <folder>", "folder of the Pulumi project (default: this checkout)")
    .addHelpText("after", "\nExit code: 0 done, 1 the file differs (--check), 2 nothing was recorded.")
    .action(main)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.done : EXIT.error))
    .parseAsync()
    .catch((error: unknown) => {
      console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = EXIT.error;
    });
}
