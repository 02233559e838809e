import type { PlatformFinding } from "./platform";
import type { AnalysisConfig, StackConfig } from "./schema";

/** Whether the analysis layer says, once and clearly, what it runs on. */
export function targetFindings({ analysis, clusters, docker, reads }: StackConfig): PlatformFinding[] {
  if (analysis === undefined) return [];
  const findings: PlatformFinding[] = [];
  const add = (key: string, rest: string) =>
    findings.push({ path: ["analysis", key], message: `\`analysis.${key}\` ${rest}` });
  const { cluster, kubeconfig, standalone } = analysis;
  if (docker !== undefined) {
    for (const part of onKubernetes(analysis))
      add(
        part,
        "needs a Kubernetes, and this stack is on one Docker host. Use `analysis.standalone`, or a stack with `analysis.cluster` or `analysis.kubeconfig`",
      );
    if (standalone?.on === "swarm")
      add("standalone", "is `on: swarm`, and this stack is on one Docker host. Set `on: host`");
    return findings;
  }
  if (cluster === undefined && kubeconfig === undefined)
    add(
      "cluster",
      "is missing: name a cluster of this stack or of the one in `reads.clusters`, or give a `kubeconfig`",
    );
  if (cluster !== undefined && kubeconfig !== undefined)
    add("kubeconfig", "and `analysis.cluster` are both given. Remove one");
  if (cluster !== undefined && reads.clusters === undefined && clusters?.clusters[cluster] === undefined) {
    const known = Object.keys(clusters?.clusters ?? {}).join(", ") || "none";
    add(
      "cluster",
      `must be a cluster of this stack (${known}), got \`${cluster}\`; or name the stack that owns it in \`reads.clusters\``,
    );
  }
  if (standalone?.on === "host")
    add(
      "standalone",
      "is `on: host`, and this stack has no `docker`. Set `on: swarm`, with `analysis.cluster` a Swarm cluster",
    );
  return findings;
}

/** The parts of the layer that are given and need a Kubernetes. */
function onKubernetes({ analyses, ...parts }: AnalysisConfig): string[] {
  const given = (["spark", "data", "hub"] as const).filter((part) => parts[part] !== undefined);
  return Object.keys(analyses).length > 0 ? [...given, "analyses"] : given;
}
