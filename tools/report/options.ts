import { z } from "zod";

import { attempt, UserError } from "../../components/errors";
import { SMALLEST_LIMIT } from "./markdown";
import { POLICIES, type Policy } from "./policy";

/** GitHub's limit of a comment; GitLab takes 1,000,000. */
export const DEFAULT_LIMIT = "65536";

/** What commander gives. */
export interface Flags {
  preview?: string[];
  picture?: string[];
  failOn?: string[];
  approvals?: string;
  today?: string;
  markdown?: string;
  html?: string;
  jsonFile?: string;
  json?: boolean;
  out?: string;
  limit: string;
  detailsUrl?: string;
  dir?: string;
}

/** A stack and a file of it. */
export interface Given {
  stack: string;
  file: string;
}

export interface Options {
  previews: Given[];
  pictures: Given[];
  policies: Policy[];
  limit: number;
  today: string;
}

/** Checks all options, and says everything that is wrong at once. */
export function readOptions(stacks: readonly string[], flags: Flags, today: string): Options {
  const findings: string[] = [];
  const pairs = (values: string[] | undefined, flag: string) =>
    (values ?? []).flatMap((value) => attempt(findings, () => pairOf(value, flag)) ?? []);
  const previews = pairs(flags.preview, "--preview");
  const pictures = pairs(flags.picture, "--picture");
  const names = [...stacks, ...previews.map(({ stack }) => stack)];
  if (names.length === 0) findings.push("Nothing to report on: give stacks to preview, or `--preview STACK=FILE`.");
  for (const name of new Set(names.filter((one, at) => names.indexOf(one) !== at))) {
    findings.push(`Stack "${name}" is given twice: each has one preview.`);
  }
  for (const { stack } of pictures.filter((picture) => !names.includes(picture.stack))) {
    findings.push(`\`--picture\` is of stack "${stack}", which has no preview here; there are: ${names.join(", ")}.`);
  }
  const policies = policiesOf(flags.failOn ?? [], findings);
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < SMALLEST_LIMIT) {
    findings.push(`\`--limit\` must be a whole number of characters from ${SMALLEST_LIMIT}, got "${flags.limit}".`);
  }
  const day = flags.today ?? today;
  if (!z.iso.date().safeParse(day).success) findings.push(`\`--today\` must be a day as YYYY-MM-DD, got "${day}".`);
  if (findings.length > 0) throw UserError.all(findings);
  return { previews, pictures, policies, limit, today: day };
}

function pairOf(value: string, flag: string): Given {
  const at = value.indexOf("=");
  if (at > 0 && at < value.length - 1) return { stack: value.slice(0, at), file: value.slice(at + 1) };
  throw new UserError(`\`${flag}\` takes STACK=FILE, got "${value}".`);
}

function policiesOf(given: readonly string[], findings: string[]): Policy[] {
  const names = given.flatMap((value) => value.split(",")).map((name) => name.trim());
  const strange = names.filter((name) => !POLICIES.some((policy) => policy === name));
  for (const name of strange) findings.push(`\`--fail-on\` takes ${POLICIES.join(", ")}; got "${name}".`);
  return POLICIES.filter((policy) => names.includes(policy));
}
