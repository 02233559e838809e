/** What a cluster is to be; what is left out is not compared. */
export interface PlannedCluster {
  masters: number;
  keyPair?: string;
  dockerVolumeSize?: number;
  fixedNetwork?: string;
  fixedSubnet?: string;
  labels: Readonly<Record<string, string>>;
}

/** What Magnum says of a cluster; its labels are all that are in force, the template's and the cluster's own. */
export interface ExistingCluster extends PlannedCluster {
  name: string;
  /** Name of the template version that it was made from, or upgraded to. */
  templateName: string;
  /** `CREATE_COMPLETE`, `UPDATE_IN_PROGRESS`, … */
  status: string;
  /** Labels that the cluster has and its template does not, or not with this value. */
  ownLabels: readonly string[];
}

/** A changed input that replaces a cluster: all that ran on it would be gone. */
export interface Replacement {
  /** `labels.max_node_count`, `masters`, … */
  field: string;
  from: string;
  to: string;
  /** How to have what is wanted without a new cluster. */
  instead: string;
}

/** Labels that set limits of the cluster's autoscaler, and what a node group calls them. */
const SCALING: Readonly<Record<string, string>> = { min_node_count: "minNodes", max_node_count: "maxNodes" };

const NONE = "nothing";

/**
 * Which of the planned values would replace an existing cluster. Source: the provider updates `nodeCount` and
 * `clusterTemplateId` in place, and replaces a cluster for everything else, labels included.
 */
export function findReplacements(existing: ExistingCluster, planned: PlannedCluster): Replacement[] {
  return [...changedFields(existing, planned), ...changedLabels(existing, planned.labels)];
}

function changedFields(existing: ExistingCluster, planned: PlannedCluster): Replacement[] {
  const fields = [
    ["masters", existing.masters, planned.masters, "Masters of a cluster are decided when it is made."],
    [
      "keyPair",
      existing.keyPair,
      planned.keyPair,
      "Put the new key on the nodes by hand, or leave `keyPair` as it was.",
    ],
    [
      "dockerVolumeSize",
      existing.dockerVolumeSize,
      planned.dockerVolumeSize,
      "Add a node group whose nodes have the new size, and drain the old ones.",
    ],
    ["fixedNetwork", existing.fixedNetwork, planned.fixedNetwork, "Make a second cluster on the other network."],
    ["fixedSubnet", existing.fixedSubnet, planned.fixedSubnet, "Make a second cluster on the other subnet."],
  ] as const;
  return fields
    .filter(([, from, to]) => to !== undefined && String(from ?? "") !== String(to))
    .map(([field, from, to, instead]) => ({ field, from: String(from ?? NONE), to: String(to), instead }));
}

function changedLabels(existing: ExistingCluster, planned: Readonly<Record<string, string>>): Replacement[] {
  const removed = existing.ownLabels.filter((label) => !(label in planned));
  const changed = Object.keys(planned).filter((label) => existing.labels[label] !== planned[label]);
  return [...new Set([...changed, ...removed])].sort().map((label) => ({
    field: `labels.${label}`,
    from: existing.labels[label] ?? NONE,
    to: planned[label] ?? "the template's value",
    instead: insteadOfLabel(label),
  }));
}

function insteadOfLabel(label: string): string {
  const limit = SCALING[label];
  if (limit !== undefined) {
    return `Leave the label as it was and set \`nodeGroups.<group>.${limit}\`, which changes in place.`;
  }
  return "Put it into the template: new clusters get it, this one stays. To have it here, make a second cluster and move over.";
}

/** One sentence a replacement, as a preview says it. */
export function describeReplacements(key: string, found: readonly Replacement[]): string {
  const reasons = found.map(({ field, from, to, instead }) => `\`${field}\` ${from} → ${to}. ${instead}`);
  return `clusters.clusters.${key} will be REPLACED, with everything that runs on it: ${reasons.join(" ")}`;
}
