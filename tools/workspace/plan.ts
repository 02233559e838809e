import { existsSync } from "node:fs";
import { basename, join } from "node:path";

import { z } from "zod";

import { UserError } from "../../components/errors";
import { configSource, NAMESPACE, readSections } from "../../stacks/config/file";
import { parseConfig } from "../../stacks/config/parse";
import type { StackConfig } from "../../stacks/config/schema";
import { planStack, type StackPlan } from "../../stacks/plan";
import { failOn, pulumi, type Workspace } from "./workspace";

/** A stack as its program would plan it. */
export interface PlannedStack {
  config: StackConfig;
  plan: StackPlan;
  /** Who owns its resources: `project/stack`. */
  owner: string;
}

/** Plans a stack from its configuration file; only a network that another stack owns needs the engine. */
export async function planWorkspace(workspace: Workspace): Promise<PlannedStack> {
  const { dir, stack } = workspace;
  const source = configSource(dir, stack);
  if (!existsSync(join(dir, source.file))) throw new UserError(`There is no ${source.file} in ${dir}.`);
  const config = parseConfig(readSections(dir, stack), source);
  const name = basename(stack);
  return { config, plan: planStack(config, name, await networkRead(workspace, config)), owner: `${NAMESPACE}/${name}` };
}

const networkSchema = z.object({
  zones: z.array(z.object({ zone: z.string(), cidr: z.string(), cidrV6: z.string().optional() })).min(1),
});

/** The zones of the network that another stack owns, by its outputs. */
async function networkRead(
  workspace: Workspace,
  { network, reads }: StackConfig,
): Promise<{ zones: StackPlan["zones"] } | undefined> {
  if (network !== undefined || reads.network === undefined) return undefined;
  const result = await pulumi({ ...workspace, stack: reads.network }, ["stack", "output", "network", "--json"]);
  failOn(result, `\`reads.network\`: pulumi stack output -s ${reads.network}`);
  return networkSchema.parse(JSON.parse(String(result.stdout)));
}
