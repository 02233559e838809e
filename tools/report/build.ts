import { urnParts } from "../../components/urn";
import { type Context, deletionCauses, type Explanation, parentOf, replacementCauses, rootCause } from "./causes";
import { diffOf } from "./diff";
import { maskerOf, type Masker } from "./mask";
import {
  type Change,
  type Counts,
  LAYERS,
  noCounts,
  type Operation,
  OPERATIONS,
  STAKES,
  type StackReport,
} from "./model";
import type { Preview, Step } from "./preview";
import { judgeQuorums } from "./quorum";
import { stakeOf } from "./stakes";
import { kindOf, layerOf } from "./urn";

/** The engine's steps, as operations; a replacement is several steps of one resource. */
const OPERATION_OF: Record<string, Operation> = {
  create: "create",
  import: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
};

/** What is kept of one preview: its changes, and its part of the report. */
export interface StackChanges {
  stack: StackReport;
  changes: Change[];
}

/** Reads the changes of one preview out of the engine's steps. */
export function changesOf(preview: Preview): StackChanges {
  const masker = maskerOf(preview);
  const merged = mergeSteps(preview.steps);
  const context = contextOf(merged);
  const explained = new Map<string, Explanation>();
  const found = [...merged.values()].flatMap((step) => changeOf(preview.stack, step, context, masker, explained) ?? []);
  const rooted = found.map((change) => withRoot(change, explained));
  const changes = judgeQuorums(rooted, [...merged.values()]);
  const { unchanged } = preview;
  const warnings = [...new Set(preview.warnings.map((warning) => masker.text(warning)))].sort();
  return { stack: { stack: preview.stack, ...countsOf(changes), unchanged, warnings }, changes };
}

/** One step for each resource: of a replacement the one that knows what it comes from. */
function mergeSteps(steps: readonly Step[]): Map<string, Step> {
  const merged = new Map<string, Step>();
  for (const step of steps) {
    const before = merged.get(step.urn);
    merged.set(step.urn, before === undefined ? step : merge(before, step));
  }
  return new Map([...merged].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function merge(a: Step, b: Step): Step {
  const pair = [a, b].sort((one, other) => weight(one) - weight(other));
  const [main, other] = [pair[0] ?? a, pair[1] ?? b];
  return {
    ...main,
    op: a.op === "create" && b.op === "delete" ? "replace" : main.op,
    oldState: main.oldState ?? other.oldState,
    newState: main.newState ?? other.newState,
    replaceReasons: main.replaceReasons ?? other.replaceReasons,
    diffReasons: main.diffReasons ?? other.diffReasons,
    detailedDiff: main.detailedDiff ?? other.detailedDiff,
  };
}

const STEPS = ["replace", "create-replacement", "import-replacement", "delete-replaced", "delete", "create", "update"];

function weight({ op }: Step): number {
  const at = STEPS.indexOf(op);
  return at < 0 ? STEPS.length : at;
}

function contextOf(merged: ReadonlyMap<string, Step>): Context {
  const steps = [...merged.values()];
  return {
    operations: new Map(steps.map(({ urn, op }) => [urn, OPERATION_OF[op] ?? "same"])),
    gone: new Set(steps.flatMap(({ urn, op }) => (op === "delete" ? [urn] : []))),
    parents: new Map(steps.flatMap((step) => [[step.urn, parentOf(step)] as const]).filter(isKnown)),
  };
}

const isKnown = (entry: readonly [string, string | undefined]): entry is [string, string] => entry[1] !== undefined;

/** Components are names in a state; nothing of them is in a cloud. */
function isResource({ oldState, newState }: Step): boolean {
  return (newState ?? oldState)?.custom === true;
}

function changeOf(
  stack: string,
  step: Step,
  context: Context,
  masker: Masker,
  explained: Map<string, Explanation>,
): Change | undefined {
  const operation = OPERATION_OF[step.op];
  if (operation === undefined || !isResource(step)) return undefined;
  const diff = operation === "delete" ? [] : diffOf(step, masker);
  // Nothing of it but outputs would change.
  if (operation === "update" && diff.length === 0) return undefined;
  const { urn } = step;
  const { name, type } = urnParts(urn);
  const explanation = explain(operation, step, diff, context);
  explained.set(urn, explanation);
  const atStake = stakeOf(urn, name, operation);
  const { causes } = explanation;
  return { stack, urn, name, type, layer: layerOf(urn), operation, diff, causes, ...(atStake && { atStake }) };
}

function explain(operation: Operation, step: Step, diff: Change["diff"], context: Context): Explanation {
  if (operation === "replace") return replacementCauses(step, diff, context);
  if (operation === "delete") return { causes: deletionCauses(step, context) };
  // It has a state already, so a refresh before has found it gone.
  return { causes: operation === "create" && step.oldState ? ["the cloud no longer has it"] : [] };
}

function withRoot(change: Change, explained: ReadonlyMap<string, Explanation>): Change {
  const root = rootCause(explained.get(change.urn)?.source, explained);
  return root === undefined ? change : { ...change, causes: [...change.causes, root] };
}

function countsOf(changes: readonly Change[]): Pick<StackReport, "counts" | "layers"> {
  const counts = noCounts();
  const layers: Partial<Record<Change["layer"], Counts>> = {};
  for (const layer of LAYERS) {
    const own = changes.filter((change) => change.layer === layer);
    if (own.length === 0) continue;
    const sums = (layers[layer] = noCounts());
    for (const { operation } of own) {
      sums[operation]++;
      counts[operation]++;
    }
  }
  return { counts, layers };
}

/** The order of a report: what is at stake first, then by operation, layer, stack and name. */
export function inOrder(changes: readonly Change[]): Change[] {
  const key = (change: Change) => [
    change.atStake === undefined ? STAKES.length : STAKES.indexOf(change.atStake.kind),
    OPERATIONS.indexOf(change.operation),
    LAYERS.indexOf(change.layer),
  ];
  const ranked = changes.map((change) => ({
    change,
    rank: key(change),
    text: `${change.stack}\n${kindOf(change.type)}\n${change.urn}`,
  }));
  ranked.sort((a, b) => {
    const at = a.rank.findIndex((value, index) => value !== b.rank[index]);
    if (at >= 0) return (a.rank[at] ?? 0) - (b.rank[at] ?? 0);
    return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  });
  return ranked.map(({ change }) => change);
}
