import type { Change, Changes } from "../changes";
import { counted, listed, type Operation } from "../model";
import { componentOf, ownerFinder } from "./owners";
import { numberIn, type Step, textIn } from "./read";

/** Types of the resources that a thing mainly is: what happens to them happens to it. */
const MAIN = [
  "openstack:compute/instance:Instance",
  "docker:index/container:Container",
  "openstack:containerinfra/cluster:Cluster",
  "openstack:containerinfra/nodeGroup:NodeGroup",
  "openstack:containerinfra/clusterTemplate:ClusterTemplate",
  "openstack:networking/network:Network",
  "docker:index/network:Network",
  "openstack:networking/router:Router",
  "openstack:networking/subnet:Subnet",
];

/** Components that are made and removed with the thing that they stand for. */
const FRAMES = [
  ...[
    "DurableServer",
    "ContainerServer",
    "Cluster",
    "NodeGroup",
    "ClusterTemplate",
    "MessagingBackend",
    "LocalMessaging",
  ],
  ...["SparkPlatform", "StandaloneSpark", "Hub", "Cvmfs", "Eos", "Analysis"],
];

/** Properties whose values are shown: numbers of nodes, sizes, flavors. All others are named only. */
const SHOWN: Readonly<Record<string, string>> = {
  nodeCount: "nodes",
  masterCount: "masters",
  minNodeCount: "at least",
  maxNodeCount: "at most",
  flavor: "flavor",
  flavorId: "flavor",
  flavorName: "flavor",
  masterFlavor: "masters' flavor",
  size: "GiB",
};

export interface MappedChanges {
  changes: Changes;
  /** Resources by operation. */
  operations: Partial<Record<Operation, number>>;
  /** What is done to resources that no box stands for, as a line. */
  note?: string;
}

/** Maps a preview's steps to the things that are drawn, by their keys. */
export function changesOf(steps: readonly Step[], known: ReadonlySet<string>): MappedChanges {
  const ownerOf = ownerFinder(steps, known);
  const changing = steps.filter((step) => step.operation !== undefined);
  const owned = Map.groupBy(changing, ownerOf);
  const changes = new Map<string, Change>();
  const withMain = new Set(steps.filter((step) => MAIN.includes(step.type)).map(ownerOf));
  for (const [key, own] of owned) if (key !== undefined) changes.set(key, changeOf(own, withMain.has(key)));
  const operations: Partial<Record<Operation, number>> = {};
  for (const { operation } of changing) if (operation) operations[operation] = (operations[operation] ?? 0) + 1;
  return { changes, operations, note: noteOf(owned.get(undefined) ?? []) };
}

function changeOf(changing: readonly Step[], hasMain: boolean): Change {
  const main = changing.filter((step) => MAIN.includes(step.type));
  const shown = main.length > 0 ? main : changing;
  const reasons = [...new Set(shown.flatMap((step) => (step.operation === "create" ? [] : reasonsOf(step))))].sort();
  return { operation: operationOf(changing, hasMain), reasons: listed(reasons, 8) };
}

/**
 * Of the main resources, if those change. Else what is made or removed with its component is so itself, and whatever
 * happens to a part of it alone is an update of the thing; but a replaced part is shown as what it is.
 */
function operationOf(changing: readonly Step[], hasMain: boolean): Operation {
  const main = changing.filter((step) => MAIN.includes(step.type));
  const frame = changing.find((step) => FRAMES.includes(componentOf(step.type) ?? ""));
  const operations = new Set((main.length > 0 ? main : changing).map((step) => step.operation));
  const [only] = operations;
  if (main.length === 0 && !hasMain && operations.has("replace")) return "replace";
  if (main.length === 0) return frame?.operation ?? "update";
  if (operations.size === 1 && only !== undefined) return only;
  // A cluster's next generation is made, and the one before removed.
  return operations.has("update") ? "update" : "replace";
}

function reasonsOf({ operation, reasons, before, after }: Step): string[] {
  if (operation === "delete") return [];
  return reasons.map((reason) => {
    const said = SHOWN[reason];
    const [from, to] = [before[reason], after[reason]].map((value) => numberIn(value) ?? textIn(value));
    if (said === undefined) return reason;
    return from === undefined || to === undefined || from === to ? said : `${said} ${from} → ${to}`;
  });
}

function noteOf(steps: readonly Step[]): string | undefined {
  if (steps.length === 0) return undefined;
  const kinds = Map.groupBy(steps, kindOf);
  const texts = [...kinds]
    .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .map(([kind, members]) => counted(members.length, kind));
  const belongs = steps.length === 1 ? "1 step belongs" : `${counted(steps.length, "step")} belong`;
  return `${belongs} to no box: ${listed(texts, 5).join(", ").replace(", … and", " … and")}`;
}

/** `SecGroupRule` is a `sec group rule`; the suite's components are components. */
function kindOf({ type }: Step): string {
  if (type.startsWith("pulumi:providers:")) return "provider";
  if (componentOf(type) !== undefined) return "component";
  return (type.split(":").at(-1) ?? type)
    .replace(/^Sec(?=[A-Z])/, "Security")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
}
