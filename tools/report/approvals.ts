import { readFileSync } from "node:fs";

import picomatch from "picomatch";
import { parse } from "yaml";
import { z } from "zod";

import { UserError } from "../../components/errors";
import { schemaFindings } from "../../components/schemaFindings";
import { type Change, type Operation } from "./change";

const approvalSchema = z.strictObject({
  stack: z.string().min(1).describe("Stack, or a pattern such as `prod-*`."),
  resource: z.string().min(1).describe("Name of the resource, or a pattern such as `messaging-broker-*`."),
  type: z.string().min(1).optional().describe("Type token, or a pattern. Default: any."),
  operation: z.enum(["replace", "delete", "create", "update"]).describe("What is approved."),
  why: z.string().min(1).describe("Why, for those who read it later."),
  until: z.iso.date().optional().describe("Last day on which it counts. Default: for ever."),
});
const fileSchema = z.strictObject({ approvals: z.array(approvalSchema).default([]) });

/** What somebody has approved by an entry in the repository. */
export type Approval = z.output<typeof approvalSchema>;

/** Approvals that count, and those that do not or are not needed. */
export interface Verdicts {
  used: Approval[];
  unused: Approval[];
  expired: Approval[];
}

/**
 * Reads the list.
 * @throws UserError with every mistake in it.
 */
export function readApprovals(file: string): Approval[] {
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UserError(`--approvals ${file}: ${error instanceof Error ? error.message.split("\n")[0] : "unreadable"}`);
  }
  const found = fileSchema.safeParse(content ?? {});
  if (found.success) return found.data.approvals;
  const findings = schemaFindings(fileSchema, content, found.error.issues, {});
  throw UserError.all(findings.map(({ text }) => `${text} (${file}).`));
}

/** Sorts approvals by whether they count for one of the changes; `today` is a date such as `2026-11-29`. */
export function judge(approvals: readonly Approval[], changes: readonly Change[], today: string): Verdicts {
  const expired = approvals.filter(({ until }) => until !== undefined && until < today);
  const valid = approvals.filter((approval) => !expired.includes(approval));
  const used = valid.filter((approval) => changes.some(matcherOf(approval)));
  return { used, unused: valid.filter((approval) => !used.includes(approval)), expired };
}

export function isApproved(change: Change, { used }: Verdicts): boolean {
  return used.some((approval) => matcherOf(approval)(change));
}

function matcherOf({ stack, resource, type, operation }: Approval): (change: Change) => boolean {
  const matches = [stack, resource, type ?? "**"].map((pattern) => picomatch(pattern, { dot: true, bash: true }));
  return (change) =>
    (operation satisfies Operation) === change.operation &&
    [change.stack, change.name, change.type].every((text, at) => matches[at]?.(text) ?? false);
}
