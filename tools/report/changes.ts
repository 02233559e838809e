import { causesOf, type Plan } from "./causes";
import { type Change, LAYERS, type Operation, OPERATIONS, type StakeKind } from "./change";
import { diffsOf, driftOf } from "./diffs";
import type { Step } from "./preview";
import { isMember, stakeOf } from "./stakes";
import { layerOf, partsOf } from "./urn";
import { secretsIn } from "./values";

/** What is worst to lose comes first. */
const STAKES: readonly (StakeKind | undefined)[] = ["cluster", "data", "quorum", "trust", "address", undefined];

/** The engine plans up to three steps for a resource that is replaced; the worst of a resource's steps counts. */
function operationOf(op: string): Operation | undefined {
  if (op.includes("replace")) return "replace";
  return OPERATIONS.find((operation) => operation === op);
}

/** Everything that changes in a stack, each resource once, in the report's order; what stays as it is is left out. */
export function changesOf(stack: string, steps: readonly Step[]): Change[] {
  const planned = [...worstByUrn(steps).values()];
  const urnsOf = (wanted: Operation) =>
    planned.flatMap(({ step, operation }) => (operation === wanted ? [step.urn] : []));
  const plan = {
    replaced: new Set(urnsOf("replace")),
    refreshed: new Set(steps.filter(({ op }) => op === "refresh").map(({ urn }) => urn)),
    leaving: urnsOf("delete").filter((urn) => isMember(partsOf(urn))).length,
    secrets: [...new Set(secretsIn(steps))],
  };
  return planned
    .map(({ step, operation }) => changeOf(stack, step, operation, plan))
    .filter(({ operation, diffs }) => (operation !== "update" && operation !== "refresh") || diffs.length > 0)
    .sort(compare);
}

function worstByUrn(steps: readonly Step[]): Map<string, { step: Step; operation: Operation }> {
  const planned = new Map<string, { step: Step; operation: Operation }>();
  for (const step of steps) {
    const operation = operationOf(step.op);
    if (operation === undefined || !(step.newState ?? step.oldState)?.custom) continue;
    // A provider's settings, such as another login, change nothing that it made.
    if (operation === "update" && partsOf(step.urn).type.startsWith("pulumi:providers:")) continue;
    const before = planned.get(step.urn);
    const detail = step.detailedDiff != null || step.replaceReasons != null;
    if (before === undefined || (operation === "replace" && detail) || rank(operation) < rank(before.operation))
      planned.set(step.urn, { step, operation });
  }
  return planned;
}

const rank = (operation: Operation) => OPERATIONS.indexOf(operation);

function changeOf(
  stack: string,
  step: Step,
  operation: Operation,
  plan: Plan & { leaving: number; secrets: readonly string[] },
): Change {
  const parts = partsOf(step.urn);
  const differs = operation === "update" || operation === "replace";
  const diffs = differs ? diffsOf(step, plan.secrets) : operation === "refresh" ? driftOf(step, plan.secrets) : [];
  return {
    ...{ stack, urn: step.urn, operation, layer: layerOf(parts), type: parts.type, name: parts.name },
    causes: causesOf(step, operation, diffs, plan),
    stake: stakeOf({ ...parts, operation, step, leaving: plan.leaving }),
    diffs,
  };
}

/** Gone before new, worst first; then by stack, layer and name, so that the same change has the same report. */
export function compare(a: Change, b: Change): number {
  const keys = (change: Change) => [
    isGoing(change.operation) ? 0 : 1,
    isGoing(change.operation) ? STAKES.indexOf(change.stake?.kind) : rank(change.operation),
    rank(change.operation),
  ];
  const [first, second] = [keys(a), keys(b)];
  const at = first.findIndex((key, index) => key !== second[index]);
  if (at >= 0) return first[at]! - second[at]!;
  return (
    byText(a.stack, b.stack) ||
    LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) ||
    byText(a.name, b.name) ||
    byText(a.urn, b.urn)
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function isGoing(operation: Operation): boolean {
  return operation === "replace" || operation === "delete";
}
