/** What a cluster is to be; what is left out is not compared. */
export interface PlannedCluster {
  masters?: number;
  keyPair?: string;
  flavor?: string;
  masterFlavor?: string;
  dockerVolumeSize?: number;
  floatingIps?: boolean;
  fixedNetwork?: string;
  fixedSubnet?: string;
  /** Labels over the template's. */
  labels?: Readonly<Record<string, string>>;
}

/** What the engine's state has of a cluster's labels, with which the provider compares. */
export interface DeployedLabels {
  labels: Readonly<Record<string, string>>;
  /** Whether they are merged with the template's; else they are all that the cluster has. */
  merged: boolean;
}

/** What Magnum says of a cluster; its labels are all that are in force, the template's and the cluster's own. */
export interface ExistingCluster extends PlannedCluster {
  name: string;
  /** Name of the template version that it was made from, or upgraded to. */
  templateName: string;
  /** `CREATE_COMPLETE`, `UPDATE_IN_PROGRESS`, … */
  status: string;
  labels: Readonly<Record<string, string>>;
  /** Labels that the cluster has and its template does not, or not with this value. */
  ownLabels: readonly string[];
  /** Where the state has the cluster. */
  deployed?: DeployedLabels;
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

/** What every cluster has: a Magnum that does not say it is too old to. */
const ALWAYS_SAID: readonly string[] = ["flavor", "masterFlavor", "floatingIps"];

/**
 * Which of the planned values would replace an existing cluster. Source: the provider updates `nodeCount` and
 * `clusterTemplateId` in place, and replaces a cluster for everything else, labels included.
 */
export function findReplacements(existing: ExistingCluster, planned: PlannedCluster): Replacement[] {
  return [
    ...changedFields(existing, planned),
    ...(planned.labels === undefined ? [] : changedLabels(existing, planned.labels)),
  ];
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
    ["flavor", existing.flavor, planned.flavor, "Add a node group of the new flavor, and drain the old nodes."],
    ["masterFlavor", existing.masterFlavor, planned.masterFlavor, "Make a second cluster with larger masters."],
    [
      "dockerVolumeSize",
      existing.dockerVolumeSize,
      planned.dockerVolumeSize,
      "Add a node group whose nodes have the new size, and drain the old ones.",
    ],
    ["floatingIps", existing.floatingIps, planned.floatingIps, "Associate floating IPs with the nodes by hand."],
    ["fixedNetwork", existing.fixedNetwork, planned.fixedNetwork, "Make a second cluster on the other network."],
    ["fixedSubnet", existing.fixedSubnet, planned.fixedSubnet, "Make a second cluster on the other subnet."],
  ] as const;
  return fields
    .filter(([field, from]) => from !== undefined || !ALWAYS_SAID.includes(field))
    .filter(([, from, to]) => to !== undefined && String(from ?? "") !== String(to))
    .map(([field, from, to, instead]) => ({ field, from: String(from ?? NONE), to: String(to), instead }));
}

function changedLabels(existing: ExistingCluster, planned: Readonly<Record<string, string>>): Replacement[] {
  const before = ownLabelsOf(existing);
  const names = [...new Set([...Object.keys(before), ...Object.keys(planned)])].sort();
  return names
    .filter((label) => before[label] !== planned[label])
    .map((label) => ({
      field: `labels.${label}`,
      from: before[label] ?? (label in existing.labels ? `the template's ${existing.labels[label]}` : NONE),
      to: planned[label] ?? "the template's value",
      instead: insteadOfLabel(label),
    }));
}

/** Without a state the labels that differ from the template's, which those that an upgrade left behind do as well. */
function ownLabelsOf({ deployed, labels, ownLabels }: ExistingCluster): Readonly<Record<string, string>> {
  if (deployed !== undefined) return deployed.merged ? deployed.labels : {};
  return Object.fromEntries(ownLabels.map((label) => [label, labels[label] ?? ""]));
}

function insteadOfLabel(label: string): string {
  const limit = SCALING[label];
  if (limit !== undefined) {
    return `Leave the label as it was and set \`nodeGroups.<group>.${limit}\`, which changes in place.`;
  }
  return "Put it into the template: new clusters get it, this one stays. To have it here, make a second cluster and move over.";
}

/**
 * Values that a cluster has otherwise than is planned, and keeps: the provider changes nothing where a value is given no
 * more, and labels of a cluster that is upgraded in place are those that it was made with.
 */
export function describeKept(key: string, existing: ExistingCluster, wanted: PlannedCluster): string[] {
  const differing = [
    ...(["keyPair", "flavor", "masterFlavor", "dockerVolumeSize"] as const)
      .filter((field) => field in wanted)
      .map((field) => [field, existing[field], wanted[field]] as const),
    ...Object.entries(wanted.labels ?? {}).map(
      ([label, to]) => [`labels.${label}`, existing.labels[label], to] as const,
    ),
  ].filter(([, from, to]) => String(from ?? "") !== String(to ?? ""));
  return differing.map(
    ([field, from, to]) =>
      `clusters.clusters.${key} keeps \`${field}\` ${from ?? NONE}, although ${to ?? NONE} is planned: nothing changes it in a cluster that is there. ` +
      "A new cluster takes what is planned: set another `generation`.",
  );
}

/** One sentence a replacement, as a preview says it. */
export function describeReplacements(key: string, found: readonly Replacement[]): string {
  const reasons = found.map(({ field, from, to, instead }) => `\`${field}\` ${from} → ${to}. ${instead}`);
  return `clusters.clusters.${key} will be REPLACED, with everything that runs on it: ${reasons.join(" ")}`;
}
