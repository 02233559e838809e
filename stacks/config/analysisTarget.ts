import type { PlatformFinding } from "./platform";
import type { AnalysisConfig, StackConfig } from "./schema";

/** A key of the section, and what is wrong with it. */
type Finding = [key: string, rest: string];

/** Whether the analysis layer says, once and clearly, what it runs on. */
export function targetFindings(config: StackConfig): PlatformFinding[] {
  const { analysis, docker } = config;
  if (analysis === undefined) return [];
  const found =
    docker === undefined
      ? [...clusterFindings(config, analysis), ...partFindings(config, analysis)]
      : onDocker(analysis);
  return found.map(([key, rest]) => ({ path: ["analysis", key], message: `\`analysis.${key}\` ${rest}` }));
}

function onDocker(analysis: AnalysisConfig): Finding[] {
  const elsewhere =
    "needs a Kubernetes, and this stack is on one Docker host. Use `analysis.standalone`, or a stack with `analysis.cluster` or `analysis.kubeconfig`";
  const findings: Finding[] = onKubernetes(analysis).map((part) => [part, elsewhere]);
  if (analysis.standalone?.on === "swarm")
    findings.push(["standalone", "is `on: swarm`, and this stack is on one Docker host. Set `on: host`"]);
  return findings;
}

function clusterFindings({ clusters, reads }: StackConfig, { cluster, kubeconfig }: AnalysisConfig): Finding[] {
  const findings: Finding[] = [];
  if (cluster === undefined && kubeconfig === undefined)
    findings.push([
      "cluster",
      "is missing: name a cluster of this stack or of the one in `reads.clusters`, or give a `kubeconfig`",
    ]);
  if (cluster !== undefined && kubeconfig !== undefined)
    findings.push(["kubeconfig", "and `analysis.cluster` are both given. Remove one"]);
  if (cluster !== undefined && reads.clusters === undefined && clusters?.clusters[cluster] === undefined) {
    const known = Object.keys(clusters?.clusters ?? {}).join(", ") || "none";
    findings.push([
      "cluster",
      `must be a cluster of this stack (${known}), got \`${cluster}\`; or name the stack that owns it in \`reads.clusters\``,
    ]);
  }
  return findings;
}

/** Whether what is to run fits what it is to run on. */
function partFindings({ reads }: StackConfig, analysis: AnalysisConfig): Finding[] {
  const { standalone, kubeconfig, apiServer } = analysis;
  const parts = onKubernetes(analysis);
  const beside =
    "needs a Kubernetes, and `analysis.standalone` runs on a Swarm. Put one of them into a stack of its own";
  const findings: Finding[] = standalone === undefined ? [] : parts.map((part) => [part, beside]);
  if (standalone?.on === "host")
    findings.push([
      "standalone",
      "is `on: host`, and this stack has no `docker`. Set `on: swarm`, with `analysis.cluster` a Swarm cluster",
    ]);
  const foreign = (kubeconfig ?? reads.clusters) !== undefined;
  if (standalone === undefined && parts.length > 0 && foreign && apiServer === undefined)
    findings.push([
      "apiServer",
      "is missing: network policies need to know where pods reach the cluster's API. " +
        "Give the masters' networks and the service's, such as `cidrs: [10.20.0.0/24, 10.254.0.0/16]`",
    ]);
  return findings;
}

/** The parts of the layer that are given and need a Kubernetes. */
function onKubernetes({ analyses, ...parts }: AnalysisConfig): string[] {
  const given = (["spark", "data", "hub"] as const).filter((part) => parts[part] !== undefined);
  return Object.keys(analyses).length > 0 ? [...given, "analyses"] : given;
}
