import { Command } from "commander";

import { connectCloud } from "../workspace/cloud";
import { ownStack } from "../workspace/own";
import { recover } from "./recover";

async function main(stack: string): Promise<void> {
  const workspace = ownStack(stack);
  const found = await recover(workspace, () => connectCloud(workspace));
  console.log(`${found.locks} lock(s) of dead engines removed, ${found.pending.length} interrupted operation(s).`);
  for (const operation of found.pending) console.log(`  interrupted: ${operation}`);
  for (const resource of found.removed) console.log(`  removed from the cloud, to be created anew: ${resource}`);
  console.log(`Now run \`pulumi up -s ${stack}\`.`);
}

new Command("recover")
  .description("Brings a stack back after its update was killed; run it where you run `pulumi up`.")
  .argument("<stack>", "the stack")
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
