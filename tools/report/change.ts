/** What happens to a resource. */
export type Operation = "replace" | "delete" | "create" | "update" | "import" | "refresh";

/** Worst first: in this order they are shown. */
export const OPERATIONS: readonly Operation[] = ["replace", "delete", "create", "update", "import", "refresh"];

/** The layers of a stack, and what belongs to none. */
export const LAYERS = ["network", "messaging", "clusters", "analysis", "other"] as const;
export type Layer = (typeof LAYERS)[number];

/** A property that differs. */
export interface PropertyDiff {
  /** Path as the engine writes it, such as `labels.max_node_count`. */
  path: string;
  /** Text of the values; nothing where there is none. Secrets are `[secret]`, what is not known yet `(computed)`. */
  before?: string;
  after?: string;
  /** A changed text of several lines, as lines of a unified diff. */
  lines?: string[];
  /** Whether the resource is replaced for it. */
  replaces: boolean;
}

/** What may be lost. `data` and `cluster` are gone for good; a `quorum` holds if servers are changed one after the other. */
export type StakeKind = "data" | "cluster" | "quorum" | "trust" | "address";

export interface Stake {
  kind: StakeKind;
  /** One sentence for the reader. */
  text: string;
}

/** Everything that happens to one resource. */
export interface Change {
  stack: string;
  urn: string;
  operation: Operation;
  layer: Layer;
  /** Type token, such as `openstack:compute/instance:Instance`. */
  type: string;
  name: string;
  /** Why it is replaced or deleted; nothing for other operations. */
  causes: string[];
  stake?: Stake;
  diffs: PropertyDiff[];
}

/** Changes after which something is not as it was, whatever the engine does. */
export function isStateful({ stake }: Change): boolean {
  return stake !== undefined && ["data", "cluster", "quorum"].includes(stake.kind);
}
