/** Levels of Kubernetes' pod security standards. */
export type PodSecurity = "privileged" | "baseline" | "restricted";

/** Labels of a namespace that hold its pods to a level (https://kubernetes.io/docs/concepts/security/pod-security-admission/). */
export function podSecurityLabels(level: PodSecurity): Record<string, string> {
  return {
    "pod-security.kubernetes.io/enforce": level,
    "pod-security.kubernetes.io/warn": level,
    "pod-security.kubernetes.io/audit": level,
  };
}

/** A pod's security context that the level `restricted` admits, as a user who is not root. */
export function restrictedPod(user: number) {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** A container's security context that the level `restricted` admits. */
export const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
};
