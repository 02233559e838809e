import type { Approval } from "./approvals";
import { changesOf, inOrder } from "./build";
import type { Report } from "./model";
import { judge, type Policy } from "./policy";
import type { Preview } from "./preview";

export interface ReportOptions {
  /** What is refused. Default: nothing. */
  policies?: readonly Policy[];
  approvals?: readonly Approval[];
  /** The day on which approvals must hold, as YYYY-MM-DD: nothing here asks a clock. */
  today: string;
}

/** One report of the previews of one or more stacks. The same previews give the same report. */
export function reportOf(
  previews: readonly Preview[],
  { policies = [], approvals = [], today }: ReportOptions,
): Report {
  const parts = previews.map(changesOf).sort((a, b) => (a.stack.stack < b.stack.stack ? -1 : 1));
  const changes = inOrder(parts.flatMap((part) => part.changes));
  const stacks = parts.map(({ stack }) => stack);
  const names = stacks.map(({ stack }) => stack);
  return { stacks, changes, verdict: judge(changes, policies, approvals, names, today) };
}
