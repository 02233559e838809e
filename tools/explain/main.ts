import { Command } from "commander";

import { UserError } from "../../components/errors";
import { CHECKOUT } from "../workspace/workspace";
import { explainStack } from "./explain";
import { renderText } from "./render";

function main(stack: string, keys: string[], options: { json?: boolean; defaults?: boolean }): void {
  const explained = explainStack(CHECKOUT, stack);
  const known = [...Object.keys(explained.templates), ...Object.keys(explained.clusters)];
  const strange = keys.filter((key) => !known.includes(key));
  if (strange.length > 0) {
    throw new UserError(`Stack ${stack} has no template or cluster ${strange.join(", ")}; it has ${known.join(", ")}.`);
  }
  console.log(
    options.json === true
      ? JSON.stringify(explained, undefined, 2)
      : renderText(explained, { keys, defaults: options.defaults === true }),
  );
}

try {
  new Command("explain")
    .description("Says of every value of a stack's cluster templates and clusters where it comes from.")
    .argument("<stack>", "stack, such as production")
    .argument("[keys...]", "templates and clusters (default: all)")
    .option("--defaults", "also what release and driver do by themselves, which Magnum is not told")
    .option("--json", "as JSON, complete")
    .action(main)
    .parse();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
