import type { PlannedSize } from "./memory";

/** A node of a group, by its flavor. */
export interface NodeShape {
  /** The flavor's processors. */
  cores: number;
  /** The flavor's memory, in MiB, as OpenStack says it. */
  memoryMiB: number;
  /** What pods cannot have of it. Default: see `reservedOf`. */
  reserved?: ReservedResources;
}

export interface ReservedResources {
  /** Processors, such as 0.2. */
  cores: number;
  /** MiB. */
  memoryMiB: number;
}

/**
 * What a node keeps for itself. Magnum's drivers set neither `--kube-reserved` nor `--system-reserved`, so that only
 * kubelet's own eviction threshold is certain: 100 MiB (https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/).
 * What kernel, system and DaemonSets take beside is estimated by the rule that Google publishes for machines on
 * premises: 80 millicores and 1 % of the cores, 280 MiB and 5 % of the memory
 * (https://cloud.google.com/anthos/clusters/docs/on-prem/1.5/how-to/resources-available-pods).
 */
export function reservedOf({ cores, memoryMiB, reserved }: NodeShape): ReservedResources {
  if (reserved !== undefined) return reserved;
  return { cores: 0.08 + 0.01 * cores, memoryMiB: 100 + 280 + 0.05 * memoryMiB };
}

/** What pods can have of a node. */
export function allocatable(shape: NodeShape): ReservedResources {
  const reserved = reservedOf(shape);
  return {
    cores: Math.max(0, shape.cores - reserved.cores),
    memoryMiB: Math.max(0, Math.floor(shape.memoryMiB - reserved.memoryMiB)),
  };
}

/** Whether a node of the shape, empty, has room for a pod of the size. */
export function fits({ cores, totalMiB }: PlannedSize, shape: NodeShape): boolean {
  const room = allocatable(shape);
  return cores <= room.cores && totalMiB <= room.memoryMiB;
}

/** What to say of a pod that no node it may run on has room for; nothing where no node is known. */
export function nodeFinding(
  path: string,
  size: PlannedSize,
  nodes: Readonly<Record<string, NodeShape>>,
  groups: readonly string[] | undefined,
): string | undefined {
  const unknown = (groups ?? []).filter((group) => !(group in nodes));
  const known = Object.keys(nodes).sort();
  if (known.length === 0) return undefined;
  if (unknown.length > 0)
    return `\`${path}.nodeGroups\` names ${unknown.join(", ")}, the cluster has ${known.join(", ")}.`;
  const candidates = (groups ?? known).flatMap((group) => {
    const shape = nodes[group];
    return shape === undefined ? [] : [{ group, shape, room: allocatable(shape) }];
  });
  if (candidates.some(({ shape }) => fits(size, shape))) return undefined;
  const rooms = candidates.map(
    ({ group, room }) => `${group} ${Math.floor(room.cores)} cores and ${room.memoryMiB} MiB`,
  );
  return (
    `\`${path}\` needs ${size.cores} cores and ${size.totalMiB} MiB (${size.memoryMiB} heap, ${size.overheadMiB} overhead), ` +
    `and no node it may run on has so much for pods: ${rooms.join("; ")}. Make it smaller, or use a larger flavor.`
  );
}
