import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { UserError } from "../../../components/errors";
import type { CloudConfig } from "../../config/schema";
import { type CloudFacts, parseFacts } from "./format";

/** A file of facts that was read. */
export interface FactsFile {
  /** Relative to the project, such as `stacks/facts/dev.json`. */
  file: string;
  facts: CloudFacts;
}

/** Days after which recorded facts are said to be old. */
const OLD_DAYS = 30;

/** The file of a stack's recorded facts, relative to the project. */
export function factsPath(stack: string): string {
  return join("stacks", "facts", `${basename(stack)}.json`);
}

/** The recorded facts of a stack; nothing where none were recorded. */
export function readFacts(projectRoot: string, stack: string): FactsFile | undefined {
  const file = factsPath(stack);
  const path = join(projectRoot, file);
  return existsSync(path) ? { file, facts: parseFacts(readFileSync(path, "utf8"), file) } : undefined;
}

/** Whether facts are of the cloud that the configuration names; those of another one would check the wrong thing. */
export function checkOrigin({ file, facts }: FactsFile, cloud: Pick<CloudConfig, "name" | "region">): void {
  for (const key of ["name", "region"] as const) {
    const [recorded, wanted] = [facts.cloud[key], cloud[key]];
    if (recorded === wanted) continue;
    throw new UserError(
      `\`cloud.${key}\` is ${wanted ?? "not given"}, and ${file} was recorded with ${recorded ?? "none"}. ` +
        `Record it again: \`make record STACK=${facts.stack}\`.`,
    );
  }
}

/** What a preview by facts goes by: which file, since when, and how old that is at `now`. */
export function describeFacts({ file, facts }: FactsFile, now: Date): { text: string; old: boolean } {
  const days = Math.max(0, Math.floor((now.getTime() - Date.parse(facts.recorded)) / 86_400_000));
  const age = days === 0 ? "today" : `${days} ${days === 1 ? "day" : "days"} ago`;
  const old = days > OLD_DAYS;
  const text = `No cloud is configured: names, quotas and ids are those of ${file}, recorded on ${facts.recorded} (${age}).`;
  return { text: old ? `${text} Record them again: \`make record STACK=${facts.stack}\`.` : text, old };
}
