import type { Approval } from "./approvals";
import { approves, stateOf } from "./approvals";
import { type Change, isDestructive, type Verdict } from "./model";

/** What a run can be told to refuse. */
export const POLICIES = ["replace-stateful", "replace", "delete-stateful", "delete", "any"] as const;
export type Policy = (typeof POLICIES)[number];

/** Whether a policy refuses a change, approvals apart. */
export function refuses(policy: Policy, change: Change): boolean {
  const { operation, atStake } = change;
  if (policy === "any") return true;
  const [what, stateful] = policy.split("-");
  return isDestructive(change) && operation === what && (stateful === undefined || atStake !== undefined);
}

/** Which changes the policies refuse, which of them an approval lets pass, and which approvals do nothing. */
export function judge(
  changes: readonly Change[],
  policies: readonly Policy[],
  approvals: readonly Approval[],
  stacks: readonly string[],
  today: string,
): Verdict {
  const used = new Set<Approval>();
  const verdict: Verdict = { refused: [], approved: [], idle: [] };
  const valid = approvals.filter((approval) => stateOf(approval, today) === "valid");
  for (const change of changes) {
    if (!policies.some((policy) => refuses(policy, change))) continue;
    const approval = valid.find((one) => approves(one, change));
    if (approval === undefined) verdict.refused.push(change);
    else {
      verdict.approved.push({ change, why: approval.why });
      used.add(approval);
    }
  }
  for (const approval of approvals) {
    // What is meant for a stack that was not previewed may still be needed.
    if (used.has(approval) || (approval.stack !== undefined && !stacks.includes(approval.stack))) continue;
    const reason = stateOf(approval, today) === "expired" ? "expired" : "unused";
    verdict.idle.push({ resource: approval.resource, reason, ...(approval.until && { until: approval.until }) });
  }
  return verdict;
}
