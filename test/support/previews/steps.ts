import { readFileSync } from "node:fs";
import { join } from "node:path";

import { EXAMPLE_CHANGE } from "../../../tools/topology/shipped";
import { CHECKOUT } from "../../../tools/workspace/workspace";
import { recordedText, recordings } from "./recordings";

/** A step as `pulumi preview --json` writes it. */
export interface RawStep {
  op: string;
  urn: string;
  provider?: string;
  oldState?: RawState;
  newState?: RawState;
  diffReasons?: string[];
  replaceReasons?: string[];
}

interface RawState {
  parent?: string;
  inputs?: Record<string, unknown>;
}

export interface RawPreview {
  steps: RawStep[];
  diagnostics?: { severity: string; message?: string }[];
  /** Steps by operation, as the engine counts them. */
  changeSummary?: Record<string, number>;
}

/** A change of a stack `production`, from the engine's own preview; see `EXAMPLE_CHANGE`. */
export function recordedChange(): RawPreview {
  return JSON.parse(readFileSync(join(CHECKOUT, EXAMPLE_CHANGE), "utf8")) as RawPreview;
}

/** The engine's own log of a preview is lines of JSON, and no document. */
const isDocument = (name: string) => !name.endsWith("-streamed");

/** Every preview that was recorded, by its name: the one above, and those of embedded OpenStacks. */
export function recordedPreviews(): [name: string, preview: RawPreview][] {
  const read = (name: string): [string, RawPreview] => [name, JSON.parse(recordedText(name)) as RawPreview];
  return [[EXAMPLE_CHANGE, recordedChange()], ...recordings().filter(isDocument).map(read)];
}

const OWN = "openstack-fabric:index:";
const URN = "urn:pulumi:made::openstack-fabric::";

/** URN of a resource of stack `made` by its types, without the suite's own prefix, and its name. */
export function urnOf(types: readonly string[], name: string): string {
  return `${URN}${types.map((type) => (type.includes(":") ? type : OWN + type)).join("$")}::${name}`;
}

export interface Made {
  op: string;
  types: readonly string[];
  name: string;
  parent?: string;
  inputs?: Record<string, unknown>;
  before?: Record<string, unknown>;
  reasons?: string[];
}

/** A step of stack `made`, with the states that its operation has. */
export function step({ op, types, name, parent, inputs = {}, before, reasons }: Made): RawStep {
  const old = { parent, inputs: before ?? inputs };
  return {
    op,
    urn: urnOf(types, name),
    ...(["create", "create-replacement"].includes(op) ? {} : { oldState: old }),
    ...(op.startsWith("delete") ? {} : { newState: { parent, inputs } }),
    ...(reasons === undefined ? {} : { diffReasons: reasons }),
  };
}

const INSTANCE = "openstack:compute/instance:Instance";
const PORT = "openstack:networking/port:Port";

/** The steps of a server: component, port, instance. */
export function serverSteps(op: string, kind: "BrokerCluster" | "RouterMesh", name: string, zone: string): RawStep[] {
  const chain = ["MessagingBackend", kind, "DurableServer"];
  const parent = urnOf(chain, name);
  const inputs = { name: name.replace("messaging", "made"), availabilityZone: zone, flavorName: "m1.large" };
  return [
    step({ op, types: chain, name }),
    step({
      op,
      types: [...chain, PORT],
      name: `${name}-port`,
      parent,
      inputs: { fixedIps: [{ ipAddress: "10.0.0.9" }] },
    }),
    step({
      op,
      types: [...chain, INSTANCE],
      name,
      parent,
      inputs,
      reasons: op === "create" ? undefined : ["userData"],
    }),
  ];
}

/** The steps of a cluster and its node groups. */
export function clusterSteps(
  op: string,
  key: string,
  nodes: number,
  groups: Readonly<Record<string, number>> = {},
): RawStep[] {
  const name = `cluster-${key}`;
  const parent = urnOf(["Cluster"], name);
  const type = "openstack:containerinfra/cluster:Cluster";
  const inputs = { name: `made-${key}`, nodeCount: nodes, masterCount: 3, flavor: "m1.large" };
  return [
    step({ op, types: ["Cluster"], name }),
    step({ op, types: ["Cluster", type], name, parent, inputs }),
    ...Object.entries(groups).flatMap(([group, count]) => groupSteps(op, key, group, count)),
  ];
}

export function groupSteps(op: string, cluster: string, group: string, nodes: number, before = nodes): RawStep[] {
  const name = `cluster-${cluster}-${group}`;
  const chain = ["Cluster", "NodeGroup"];
  const inputs = { name: group, nodeCount: nodes, flavorId: "g1.large" };
  const type = "openstack:containerinfra/nodeGroup:NodeGroup";
  const old = { ...inputs, nodeCount: before };
  const reasons = before === nodes ? undefined : ["nodeCount"];
  return [step({ op, types: [...chain, type], name, parent: urnOf(chain, name), inputs, before: old, reasons })];
}
