import { UserError } from "../../errors";
import { imageFinding } from "../kubernetes/images";
import { selectorLabels } from "../kubernetes/labels";

/** How many of each part run, and with how much. */
export interface OperatorReplicas {
  /** Replicas of the controller; one leads, the others wait. Default 1. Rolling. */
  controller?: number;
  /** Replicas of the webhook; all serve. Default 2, since no pod of a run begins without one. Rolling. */
  webhook?: number;
}

/** Whose certificate the webhook has. */
export interface CertManager {
  /** Kind of cert-manager's issuer. Default `ClusterIssuer`. Rolling. */
  kind?: "Issuer" | "ClusterIssuer";
  /** Its name. It must have a certificate of its own (kind `ca`, Vault and the like): a self-signed one is another authority at each renewal. */
  issuer: string;
  /** How long the certificate is valid, in hours. Default 87600, ten years: see `certificateValues`. Rolling. */
  hours?: number;
}

/** The operator that runs applications. */
export interface OperatorArgs {
  /** Whether it is installed here; if not, the cluster has one that watches the namespaces. Default true. */
  install?: boolean;
  replicas?: OperatorReplicas;
  /** Submissions at once; each is a JVM of its own in the controller's memory. Default 10. Rolling. */
  workers?: number;
  /** The cert-manager that certifies the webhook. Default: the operator certifies itself. Rolling. */
  certManager?: CertManager;
  /** Registry that stands in for `ghcr.io`. Default: none. Rolling. */
  registry?: string;
  /** The operator's image with tag, in full, instead of the chart's own. Rolling. */
  image?: string;
  /** Whether a job brings the CRDs to the chart's version, which Helm itself never does. Default false. In place. */
  upgradeCrds?: boolean;
}

/** What the values need to know of the rest of the platform. */
export interface OperatorSurroundings {
  /** Namespaces that have applications. */
  jobNamespaces: readonly string[];
  /** Whether Prometheus' operator is to read the metrics. */
  podMonitors: boolean;
}

/** Labels of the operator's pods, as its chart sets them. */
export function operatorLabels(releaseName: string): Record<string, string> {
  return selectorLabels({ name: "spark-operator", instance: releaseName });
}

/** Port on which the API server reaches the webhook, and the one of metrics: the chart's defaults, said so that policies agree. */
export const OPERATOR_PORTS = { webhook: 9443, metrics: 8080 } as const;

/** MiB of a submission's JVM: `-Xmx128m`, and about as much beside its heap. */
const SUBMISSION_MIB = 256;

/** Values of the spark-operator chart 2.5.2. */
export function operatorValues(args: OperatorArgs, around: OperatorSurroundings) {
  const findings = operatorFindings(args, around);
  if (findings.length > 0) throw UserError.all(findings);
  const { controller = 1, webhook = 2 } = args.replicas ?? {};
  const workers = args.workers ?? 10;
  return {
    ...(imageValues(args) && { image: imageValues(args) }),
    hook: { upgradeCrd: args.upgradeCrds ?? false },
    controller: {
      ...replicated(controller),
      workers,
      leaderElection: { enable: true },
      resources: resources("500m", 512 + workers * SUBMISSION_MIB),
    },
    webhook: {
      ...replicated(webhook),
      enable: true,
      port: OPERATOR_PORTS.webhook,
      // A pod without what its application says would run, and be wrong: better none.
      failurePolicy: "Fail",
      leaderElection: { enable: true },
      resources: resources("100m", 256),
    },
    spark: {
      jobNamespaces: [...around.jobNamespaces].sort(),
      // Accounts and rights of drivers are this platform's own, with fewer rights than the chart's.
      serviceAccount: { create: false, name: "spark" },
      rbac: { create: false },
    },
    prometheus: {
      metrics: { enable: true, port: OPERATOR_PORTS.metrics },
      podMonitor: { create: around.podMonitors },
    },
    certManager: certificateValues(args.certManager),
  };
}

/**
 * The operator's own certificate is valid for ten years, and made anew by any start of the webhook with less than 180
 * days left (pkg/certificate of 2.5.2). One of cert-manager's is read at the webhook's start and never again, so that
 * the chart's 90 days would end in a webhook that nobody trusts: here it is valid for ten years too, and renewed half a
 * year before its end, which any restart within that half year takes up.
 */
export function certificateValues(certManager: CertManager | undefined) {
  if (certManager === undefined) return { enable: false };
  const hours = certManager.hours ?? 87_600;
  return {
    enable: true,
    issuerRef: { group: "cert-manager.io", kind: certManager.kind ?? "ClusterIssuer", name: certManager.issuer },
    duration: `${hours}h`,
    renewBefore: `${Math.min(4_320, Math.floor(hours / 3))}h`,
  };
}

/** Security contexts are the chart's own, which the level `restricted` admits. */
function replicated(replicas: number) {
  return { replicas, ...(replicas > 1 && { podDisruptionBudget: { enable: true, minAvailable: 1 }, ...spread() }) };
}

function spread() {
  return {
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
    ],
  };
}

function resources(cpu: string, memoryMiB: number) {
  return { requests: { cpu, memory: `${memoryMiB}Mi` }, limits: { memory: `${memoryMiB}Mi` } };
}

function imageValues({ image, registry }: OperatorArgs) {
  if (image === undefined) return registry === undefined ? undefined : { registry };
  const [host = "", ...rest] = image.split("/");
  const [, repository = "", tag = ""] = /^(.*?):([^:]+)$/.exec(rest.join("/")) ?? [];
  return { registry: host, repository, tag };
}

function operatorFindings(args: OperatorArgs, around: OperatorSurroundings): string[] {
  const findings: (string | undefined)[] = [];
  if (around.jobNamespaces.length === 0)
    findings.push(
      "`namespaces` is empty: without any, the operator would watch all of the cluster's. Name at least one.",
    );
  for (const part of ["controller", "webhook"] as const) {
    const replicas = args.replicas?.[part];
    if (replicas !== undefined && !(Number.isSafeInteger(replicas) && replicas >= 1 && replicas <= 10))
      findings.push(`\`operator.replicas.${part}\` must be 1 to 10, got ${replicas}.`);
  }
  if (args.workers !== undefined && !(Number.isSafeInteger(args.workers) && args.workers >= 1 && args.workers <= 100))
    findings.push(`\`operator.workers\` must be 1 to 100, got ${args.workers}.`);
  if (args.image !== undefined) findings.push(imageFinding("operator.image", args.image) ?? partsFinding(args.image));
  return findings.flatMap((finding) => finding ?? []);
}

/** The chart takes registry, repository and tag apart, and puts them together again. */
function partsFinding(image: string): string | undefined {
  if (/^[^/@]+\/[^@]+:[^:/@]+$/.test(image)) return undefined;
  return `\`operator.image\` must have a registry and a tag and no digest, since the chart takes them apart, got "${image}".`;
}
