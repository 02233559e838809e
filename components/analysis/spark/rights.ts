import type { types } from "@pulumi/kubernetes";

type PolicyRule = types.input.rbac.v1.PolicyRule;

const KEPT = ["create", "delete", "deletecollection", "get", "list", "watch"];

/**
 * What a driver does in its namespace (Spark's KubernetesClusterSchedulerBackend and ExecutorPodsAllocator): it makes
 * executors, marks those that go, and removes what it made. No secrets, no other accounts, nothing cluster-wide.
 */
export const DRIVER_RULES: PolicyRule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: [...KEPT, "patch"] },
  { apiGroups: [""], resources: ["configmaps", "persistentvolumeclaims", "services"], verbs: KEPT },
];
