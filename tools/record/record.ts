import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import type { CloudClient } from "../../components/cloud/client";
import { UserError } from "../../components/errors";
import { factsPath } from "../../stacks/cloud/facts/file";
import { type CloudFacts, FORMAT, formatFacts, parseFacts } from "../../stacks/cloud/facts/format";
import { namesIn, scrubAll, selectFacts } from "../../stacks/cloud/facts/select";
import { needsOf } from "../../stacks/cloud/needs";
import { readCloud } from "../../stacks/cloud/read";
import { connectTo } from "../workspace/own";
import { type PlannedStack, planWorkspace } from "../workspace/plan";
import type { Workspace } from "../workspace/workspace";

/** What a recording came to. */
export interface Recorded {
  /** Relative to the project. */
  file: string;
  /** Text that the file has, or would have. */
  text: string;
  /** Whether the file there was different, or none. */
  changed: boolean;
  facts: CloudFacts;
}

/**
 * Reads what previews of a stack depend on from its cloud; nothing in the cloud is changed. A cloud that is as it was
 * leaves the file as it is, its day included.
 */
export async function record(workspace: Workspace, now: Date): Promise<Recorded> {
  const planned = await planWorkspace(workspace);
  if (planned.config.docker !== undefined) {
    throw new UserError(`Stack "${workspace.stack}" runs on Docker, of which nothing is recorded.`);
  }
  const client = await connectTo(planned.config.cloud.name, workspace);
  const found = await readFacts(client, planned);
  const file = factsPath(workspace.stack);
  const before = textOf(join(workspace.dir, file));
  const { name, region } = planned.config.cloud;
  const of = (recorded: string): CloudFacts => ({
    ...{ format: FORMAT, stack: workspace.stack, recorded, cloud: { name, region } },
    ...found,
  });
  const since = before === undefined ? undefined : dayOf(before, file);
  if (since !== undefined && formatFacts(of(since)) === before) {
    return { file, text: before ?? "", changed: false, facts: of(since) };
  }
  const facts = of(now.toISOString().slice(0, 10));
  return { file, text: formatFacts(facts), changed: true, facts };
}

async function readFacts(client: CloudClient, { config, plan, owner }: PlannedStack) {
  const { inventory, magnum } = await readCloud(client, config, plan);
  const needs = needsOf(config, plan);
  const facts = selectFacts({ needs, owner, prefix: plan.prefix, inventory, magnum });
  return scrubAll(facts, client.scrubber(new Set([...namesIn(needs), owner])));
}

/** Writes the file so that it is there as a whole or not at all. */
export function writeFacts(dir: string, { file, text }: Recorded): void {
  const path = join(dir, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** The day of an earlier file; one that is not understood is written anew. */
function dayOf(text: string, file: string): string | undefined {
  try {
    return parseFacts(text, file).recorded;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
