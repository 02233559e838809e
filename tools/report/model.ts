/** Layers of a stack, in the order in which they are made. */
export const LAYERS = ["network", "messaging", "clusters", "analysis", "other"] as const;
export type Layer = (typeof LAYERS)[number];

/** What an update does to a resource; the most costly first. */
export const OPERATIONS = ["replace", "delete", "create", "update"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One property of a resource before and after. Values are texts as they are shown: secrets are masked already. */
export interface PropertyDiff {
  /** Path such as `blockDevices[1].uuid`. */
  path: string;
  /** Nothing where the property is added. */
  old?: string;
  /** Nothing where the property is removed. */
  new?: string;
  /** Whether this property is why the resource is replaced. */
  replaces: boolean;
}

/**
 * What is lost or in danger. `quorum-lost`: the majority of a cluster's members at once. `data`: what no update brings
 * back. `cluster`: a control plane, or nodes with all that runs on them. `quorum`: a member of a cluster that goes on.
 */
export const STAKES = ["quorum-lost", "data", "cluster", "quorum"] as const;
export type Stake = (typeof STAKES)[number];

export interface AtStake {
  kind: Stake;
  /** What that means here, as half a sentence. */
  what: string;
}

/** What happens to one resource. */
export interface Change {
  stack: string;
  urn: string;
  name: string;
  type: string;
  layer: Layer;
  operation: Operation;
  /** Properties that change, in the order of their paths. */
  diff: PropertyDiff[];
  /** Why it is replaced or deleted, as sentences without a full stop; empty for the rest. */
  causes: string[];
  atStake?: AtStake;
}

export type Counts = Record<Operation, number>;

/** A stack's part of the report. */
export interface StackReport {
  stack: string;
  counts: Counts;
  layers: Partial<Record<Layer, Counts>>;
  /** What stays as it is, components included. */
  unchanged: number;
  /** Warnings that the engine printed, masked. */
  warnings: string[];
}

/** A change that the policy refuses, or that an approval lets pass. */
export interface Verdict {
  refused: Change[];
  approved: { change: Change; why: string }[];
  /** Approvals that let nothing pass, and why they do not. */
  idle: { resource: string; reason: "expired" | "unused"; until?: string }[];
}

/** The whole report: everything that the outputs show. */
export interface Report {
  stacks: StackReport[];
  /** Every change: those with something at stake first, then replaced, deleted, created, updated. */
  changes: Change[];
  verdict: Verdict;
}

/** Whether an operation takes a resource away, if only for a while. */
export function isDestructive({ operation }: Change): boolean {
  return operation === "replace" || operation === "delete";
}

export function noCounts(): Counts {
  return { replace: 0, delete: 0, create: 0, update: 0 };
}
