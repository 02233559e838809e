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

/** Terms that a node must match; none where every node will do. */
export function nodeTerms({ nodeGroups = [], roles = [] }: Placement) {
  const matchExpressions = [
    { key: NODE_GROUP_LABEL, operator: "In", values: nodeGroups },
    { key: ROLE_LABEL, operator: "In", values: roles },
  ].filter(({ values }) => values.length > 0);
  return matchExpressions.length === 0 ? [] : [{ matchExpressions }];
}

/** The part of a pod's specification that places it. */
export function placementOf(placement: Placement) {
  const nodeSelectorTerms = nodeTerms(placement);
  const { tolerations = [] } = placement;
  return {
    ...(nodeSelectorTerms.length > 0 && {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
    }),
    ...(tolerations.length > 0 && { tolerations }),
  };
}
