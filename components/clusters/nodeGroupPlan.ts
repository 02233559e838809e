import { UserError } from "../errors";

/** The groups that Magnum makes with a cluster itself. */
const RESERVED = ["default-master", "default-worker"];

export interface NodeGroupSpec {
  /** Nodes to begin with. In place, unless the autoscaler owns the number. */
  nodes: number;
  /** The autoscaler's lower limit. Default: the number that Magnum takes, 0 or 1 by release. In place. */
  minNodes?: number;
  /** The autoscaler's upper limit; with it, the number of nodes is the autoscaler's once the group is made. In place. */
  maxNodes?: number;
  /** What the group is for; nodes carry it as `magnum.openstack.org/role`. Default `worker`. REPLACES the group. */
  role?: string;
}

/** Checks a group's key and numbers; `field` is where it stands in the configuration. */
export function checkNodeGroup(field: string, key: string, group: NodeGroupSpec, allowsZero: boolean): void {
  const { nodes, minNodes, maxNodes } = group;
  if (RESERVED.includes(key)) {
    throw new UserError(`\`${field}\` cannot be called "${key}": Magnum makes that group itself. Take another name.`);
  }
  if (group.role === "master") {
    throw new UserError(`\`${field}.role\` cannot be "master": Magnum adds no groups of masters. Leave it out.`);
  }
  const least = allowsZero ? 0 : 1;
  if (nodes < least) {
    throw new UserError(
      `\`${field}.nodes\` must be at least ${least}, got ${nodes}.` +
        (allowsZero ? "" : " Groups of no nodes need Magnum's microversion 1.10 (Ussuri)."),
    );
  }
  if (maxNodes === undefined && minNodes === undefined) return;
  if (maxNodes !== undefined && maxNodes < Math.max(nodes, minNodes ?? 0)) {
    throw new UserError(
      `\`${field}.maxNodes\` must be at least ${Math.max(nodes, minNodes ?? 0)} (its nodes and minNodes), got ${maxNodes}.`,
    );
  }
  if (minNodes !== undefined && minNodes > nodes) {
    throw new UserError(`\`${field}.minNodes\` must be at most its nodes, ${nodes}, got ${minNodes}.`);
  }
}
