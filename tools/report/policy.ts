import { UserError } from "../../components/errors";
import { isApproved, type Verdicts } from "./approvals";
import { type Change, isStateful } from "./change";
import { isGoing } from "./changes";

/** What may be refused, by the names of `--fail-on`. */
export const POLICIES: Readonly<Record<string, { about: string; hits: (change: Change) => boolean }>> = {
  "replace-stateful": {
    about: "replaced where data, a cluster or a quorum is at stake",
    hits: (change) => change.operation === "replace" && isStateful(change),
  },
  "delete-stateful": {
    about: "deleted where data, a cluster or a quorum is at stake",
    hits: (change) => change.operation === "delete" && isStateful(change),
  },
  replace: { about: "replaced", hits: ({ operation }) => operation === "replace" },
  delete: { about: "deleted", hits: ({ operation }) => operation === "delete" },
  going: { about: "replaced or deleted", hits: ({ operation }) => isGoing(operation) },
  any: { about: "changed at all", hits: () => true },
};

/** @throws UserError for a name that is no policy's. */
export function policiesOf(names: readonly string[]): string[] {
  const unknown = names.filter((name) => !(name in POLICIES));
  if (unknown.length === 0) return [...new Set(names)].sort();
  throw new UserError(`--fail-on must be of ${Object.keys(POLICIES).join(", ")}, got ${unknown.join(", ")}.`);
}

/** A change that a policy refuses and nobody has approved. */
export interface Refusal {
  policy: string;
  stack: string;
  urn: string;
}

export function refusalsOf(changes: readonly Change[], policies: readonly string[], verdicts: Verdicts): Refusal[] {
  return changes.flatMap((change) => {
    const policy = policies.find((name) => POLICIES[name]?.hits(change));
    if (policy === undefined || isApproved(change, verdicts)) return [];
    return [{ policy, stack: change.stack, urn: change.urn }];
  });
}
