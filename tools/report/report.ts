import type { Verdicts } from "./approvals";
import { type Change, type Layer, LAYERS, type Operation } from "./change";
import { compare } from "./changes";
import { type Refusal, refusalsOf } from "./policy";

/** Changes of a stack's layer, counted by operation. */
export interface Count {
  stack: string;
  layer: Layer;
  operations: Partial<Record<Operation, number>>;
}

/** What a reader gets, in whatever form. */
export interface Report {
  /** All stacks that were previewed, in order. */
  stacks: string[];
  changes: Change[];
  counts: Count[];
  policies: string[];
  refusals: Refusal[];
  approvals: Verdicts;
}

export function reportOf(
  stacks: readonly string[],
  changes: readonly Change[],
  policies: readonly string[],
  approvals: Verdicts,
): Report {
  const sorted = [...changes].sort(compare);
  return {
    stacks: [...stacks].sort(),
    changes: sorted,
    counts: countsOf(sorted),
    policies: [...policies],
    refusals: refusalsOf(sorted, policies, approvals),
    approvals,
  };
}

function countsOf(changes: readonly Change[]): Count[] {
  const counts = new Map<string, Count>();
  for (const { stack, layer, operation } of changes) {
    const key = `${stack} ${LAYERS.indexOf(layer)}`;
    const count = counts.get(key) ?? { stack, layer, operations: {} };
    count.operations[operation] = (count.operations[operation] ?? 0) + 1;
    counts.set(key, count);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
}

/** `2 replaced, 1 deleted`: worst first. */
export function summaryOf(changes: readonly Change[]): string {
  const words: Readonly<Record<Operation, string>> = {
    ...{ replace: "replaced", delete: "deleted", create: "created", update: "updated" },
    ...{ import: "imported", refresh: "refreshed" },
  };
  const parts = (Object.keys(words) as Operation[]).flatMap((operation) => {
    const count = changes.filter((change) => change.operation === operation).length;
    return count === 0 ? [] : [`${count} ${words[operation]}`];
  });
  return parts.length === 0 ? "nothing changes" : parts.join(", ");
}
