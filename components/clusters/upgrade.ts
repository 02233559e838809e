import { UserError } from "../errors";
import { type KubernetesVersion, parseKubeTag } from "./kubernetesVersion";

export interface UpgradeRequest {
  /** Key of the cluster, for errors. */
  key: string;
  /** Magnum's status of the cluster. */
  status: string;
  /** Versions as `kube_tag` has them. */
  from: string;
  to: string;
  /** Whether the driver can upgrade a cluster where it is; else why not. */
  inPlace: true | { reason: string };
}

export interface UpgradePlan {
  /** `none`: the versions are the same. */
  kind: "none" | "in-place" | "blue-green";
  /** Kubernetes minors to go through, the last included: `1.29`, `1.30`. One update takes one. */
  steps: string[];
  reason: string;
}

/**
 * How a cluster gets from a version to another: one minor at a time (Kubernetes' version skew policy), never back, and
 * only from a complete state: Magnum refuses others, and one that failed half-way stays so.
 */
export function planUpgrade(request: UpgradeRequest): UpgradePlan {
  const field = `clusters.clusters.${request.key}`;
  const [from, to] = [parseKubeTag(request.from, field), parseKubeTag(request.to, field)];
  const order = compare(from, to);
  if (order === 0) return { kind: "none", steps: [], reason: `${request.to} is what runs` };
  if (order > 0) {
    throw new UserError(
      `\`${field}\` runs ${request.from} and cannot go back to ${request.to}: Kubernetes has no way back. ` +
        "Take a template of at least the running version, or make a second cluster.",
    );
  }
  if (request.inPlace !== true) {
    return { kind: "blue-green", steps: [minorOf(to)], reason: request.inPlace.reason };
  }
  requireComplete(request.key, request.status);
  return { kind: "in-place", steps: minorsBetween(from, to), reason: "the driver upgrades clusters where they are" };
}

/** Refuses an in-place upgrade that would skip a minor, and names the next step. */
export function requireOneStep(plan: UpgradePlan, request: UpgradeRequest): void {
  if (plan.kind !== "in-place" || plan.steps.length <= 1) return;
  throw new UserError(
    `\`clusters.clusters.${request.key}\` cannot go from ${request.from} to ${request.to} in one update: ` +
      `Kubernetes skips no minor version. Give its template a \`kube_tag\` of ${plan.steps[0] ?? ""} first; ` +
      `the way is ${plan.steps.join(", ")}.`,
  );
}

/** Refuses an in-place upgrade of a cluster that is being worked on, or that failed. */
export function requireComplete(key: string, status: string): void {
  if (status.endsWith("_COMPLETE")) return;
  throw new UserError(
    `\`clusters.clusters.${key}\` is ${status}; Magnum upgrades only from a complete state. ` +
      "Wait until it is complete, or mend it (`openstack coe cluster show` says what failed; resizing it by nothing tries again).",
  );
}

function minorsBetween(from: KubernetesVersion, to: KubernetesVersion): string[] {
  if (from.major !== to.major) return [minorOf(to)];
  const steps = Math.max(1, to.minor - from.minor);
  return Array.from({ length: steps }, (_, i) => `${to.major}.${to.minor - steps + 1 + i}`);
}

function minorOf({ major, minor }: KubernetesVersion): string {
  return `${major}.${minor}`;
}

function compare(a: KubernetesVersion, b: KubernetesVersion): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}
