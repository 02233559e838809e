import { parse } from "yaml";
import { z } from "zod";

import { UserError } from "../../components/errors";
import { matches } from "../../components/wildcard";
import type { Change } from "./model";

const approvalSchema = z.strictObject({
  resource: z.string().min(1),
  operation: z.enum(["replace", "delete", "any"]),
  why: z.string().min(1),
  stack: z.string().min(1).optional(),
  until: z.iso.date().optional(),
});

const fileSchema = z.strictObject({ approvals: z.array(approvalSchema).default([]) });

/** A change that somebody has agreed to. */
export type Approval = z.output<typeof approvalSchema>;

const FIELDS =
  "an approval has `resource`, `operation` (replace, delete, any), `why`, and optionally `stack` and `until` (YYYY-MM-DD)";

/** Reads a file of approvals. @throws UserError with all that is wrong in it. */
export function readApprovals(text: string, source: string): Approval[] {
  let given: unknown;
  try {
    // Dates stay texts in YAML's core schema.
    given = parse(text) ?? {};
  } catch (error) {
    throw new UserError(`${source} is no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = fileSchema.safeParse(given);
  if (read.success) return read.data.approvals;
  throw UserError.all(
    read.error.issues.map(({ path, message }) => `${source}: \`${path.join(".")}\`: ${message}; ${FIELDS}.`),
  );
}

/** Whether an approval still holds on a day, given as YYYY-MM-DD; `until` is its last day. */
export function stateOf({ until }: Approval, today: string): "valid" | "expired" {
  return until !== undefined && until < today ? "expired" : "valid";
}

/** Whether an approval is of a change: its resource is a name, a URN, or a pattern of either with `*`. */
export function approves({ resource, operation, stack }: Approval, change: Change): boolean {
  if (stack !== undefined && stack !== change.stack) return false;
  if (operation !== "any" && operation !== change.operation) return false;
  return matches(resource, change.name) || matches(resource, change.urn);
}
