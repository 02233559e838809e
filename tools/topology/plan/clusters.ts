import type { TemplatePlan } from "../../../components/clusters/templatePlan";
import type { ClusterPlan, NodeGroupPlan } from "../../../stacks/clustersPlan";
import type { StackConfig } from "../../../stacks/config/schema";
import type { StackPlan } from "../../../stacks/plan";
import type { Cluster, Elsewhere, Pool, Thing } from "../inventory";
import { byText } from "../model";
import { workloadsOf } from "./workloads";

export function templatesOf(plan: StackPlan): Thing[] {
  return Object.entries(plan.templates)
    .sort(([a], [b]) => byText(a, b))
    .map(([key, template]) => templateOf(key, template));
}

function templateOf(key: string, template: TemplatePlan): Thing {
  const drivers = [template.networkDriver, template.volumeDriver].filter((driver) => driver !== undefined);
  const facts = [...drivers, ...(template.masterLoadBalancer ? ["load balancer"] : [])];
  const lines = [`${template.engine} on ${template.image}`, ...(facts.length === 0 ? [] : [facts.join(" · ")])];
  return { key: `template-${key}`, title: `Template ${key}`, lines, tooltip: [template.name, ...lines] };
}

export function clustersOf(config: StackConfig, plan: StackPlan): Cluster[] {
  const own = config.reads.clusters === undefined ? config.analysis?.cluster : undefined;
  return [...plan.clusters]
    .sort((a, b) => byText(a.key, b.key))
    .map((cluster) => ({
      key: `cluster-${cluster.key}`,
      name: cluster.name,
      template: `template-${cluster.template}`,
      outside: config.clusters?.clusters[cluster.key]?.ownNetwork === true,
      pools: poolsOf(cluster, config),
      workloads: cluster.key === own ? workloadsOf(config.analysis) : [],
    }));
}

function poolsOf(cluster: ClusterPlan, config: StackConfig): Pool[] {
  const { key, masters, nodes, masterFlavor, flavor } = cluster;
  return [
    { kind: "masters", name: "masters", count: masters, lines: [masterFlavor] },
    { kind: "nodes", name: "nodes", count: nodes, lines: [flavor] },
    ...[...cluster.nodeGroups]
      .sort((a, b) => byText(a.key, b.key))
      .map((group) => groupPool(key, group, config.clusters?.clusters[key]?.nodeGroups[group.key])),
  ];
}

function groupPool(
  cluster: string,
  { key, nodes, maxNodes, flavor }: NodeGroupPlan,
  config: { minNodes?: number; role?: string } | undefined,
): Pool {
  const role = config?.role === undefined ? [] : [`role ${config.role}`];
  const scaled = maxNodes === undefined ? [] : [`${config?.minNodes ?? nodes} to ${maxNodes}`];
  return {
    key: `cluster-${cluster}-${key}`,
    kind: "nodegroup",
    name: key,
    count: nodes,
    lines: [[flavor, ...scaled].join(" · "), ...role],
  };
}

/** Where the analysis layer runs on no cluster of the stack's own. */
export function elsewhereOf({ analysis, reads, clusters, docker }: StackConfig): Elsewhere[] {
  if (analysis === undefined) return [];
  const isOwn = reads.clusters === undefined && clusters?.clusters[analysis.cluster ?? ""] !== undefined;
  const workloads = isOwn ? [] : workloadsOf(analysis);
  if (workloads.length === 0) return [];
  const id = "cluster-elsewhere";
  if (docker !== undefined) return [{ id, title: "Docker host", lines: ["beside the messaging layer"], workloads }];
  if (reads.clusters === undefined) return [{ id, title: "Kubernetes", lines: ["of a given kubeconfig"], workloads }];
  return [{ id, title: `Cluster ${analysis.cluster ?? ""}`, lines: [`of stack ${reads.clusters}`], workloads }];
}
