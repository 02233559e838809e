import { existsSync } from "node:fs";
import { basename, join } from "node:path";

import { UserError } from "../../components/errors";
import { configSource, readSections } from "../../stacks/config/file";
import { parseConfig } from "../../stacks/config/parse";
import type { StackConfig } from "../../stacks/config/schema";
import { planStack, type StackPlan } from "../../stacks/plan";
import { shippedStacks } from "../preview/main";
import { CHECKOUT } from "../workspace/workspace";

/**
 * Plans a stack of this checkout from its configuration alone.
 * @throws UserError if there is no such stack.
 */
export function plannedStack(stack: string): { config: StackConfig; plan: StackPlan } {
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
