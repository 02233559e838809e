import type { types } from "@pulumi/kubernetes";

type Toleration = types.input.core.v1.Toleration;

/** Labels that Magnum gives a node of a node group. */
export const NODE_GROUP_LABEL = "magnum.openstack.org/nodegroup";
export const ROLE_LABEL = "magnum.openstack.org/role";

/** Which nodes pods may run on. */
export interface Placement {
  /** Node groups of Magnum. Default: every node. New pods have it. */
  nodeGroups?: string[];
  /** Roles of node groups. Default: every one. New pods have it. */
  roles?: string[];
  /** Taints that pods bear. Default: none. New pods have it. */
  tolerations?: Toleration[];
}

/** The part of a pod's specification that places it. */
export function placementOf({ nodeGroups = [], roles = [], tolerations = [] }: Placement) {
  const wanted = [
    { key: NODE_GROUP_LABEL, operator: "In", values: nodeGroups },
    { key: ROLE_LABEL, operator: "In", values: roles },
  ].filter(({ values }) => values.length > 0);
  return {
    ...(wanted.length > 0 && {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: wanted }] },
        },
      },
    }),
    ...(tolerations.length > 0 && { tolerations }),
  };
}

/**
 * The same as Spark's properties, for sessions that have no pod template: a node selector can name one group and one
 * role only, and nothing can be tolerated.
 */
export function selectorConf(who: "driver" | "executor", { nodeGroups = [], roles = [] }: Placement) {
  const conf: Record<string, string> = {};
  const selector = `spark.kubernetes.${who}.node.selector`;
  const [group, role] = [nodeGroups[0], roles[0]];
  if (group !== undefined && nodeGroups.length === 1) conf[`${selector}.${NODE_GROUP_LABEL}`] = group;
  if (role !== undefined && roles.length === 1) conf[`${selector}.${ROLE_LABEL}`] = role;
  return conf;
}
