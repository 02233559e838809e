import type { Provider as DockerProvider } from "@pulumi/docker/provider";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { API_SERVER_PORTS } from "../components/analysis/kubernetes/networkPolicies";
import type { NodeShape } from "../components/analysis/spark/nodes";
import type { ApiServer } from "../components/analysis/spark/policies";
import { UserError } from "../components/errors";
import type { AnalysisTarget } from "./analysis";
import type { ClusterAccess } from "./clusterClients";
import type { StackConfig } from "./config/schema";
import type { Layer } from "./layer";
import { stackName } from "./reads";

/** Magnum's default `portal_network_cidr`, of which the API's own service has the first address. */
const SERVICE_NETWORK = "10.254.0.0/16";

/** The cluster that a kubeconfig leads to, of this stack's configuration or of another stack's outputs; `targetFindings` has seen to what it needs. */
export function foreignTarget(config: StackConfig): AnalysisTarget {
  const { analysis, reads } = config;
  const { cluster, kubeconfig, context, apiServer } = analysis!;
  const text = kubeconfig === undefined ? kubeconfigOf(reads.clusters!, cluster!) : pulumi.secret(kubeconfig);
  return { provider: new Provider("analysis", { kubeconfig: text, context }), apiServer: apiServer! };
}

/** A cluster of this stack's own. */
export function ownTarget(layer: Layer, key: string, access: ClusterAccess | undefined): AnalysisTarget {
  if (access?.kubernetes === undefined)
    throw new UserError(
      `\`analysis.cluster\` must be a Kubernetes cluster, got \`${key}\`. For Spark on a Swarm use \`analysis.standalone\` alone.`,
    );
  const cidrs = [...layer.plan.zones.map(({ cidr }) => cidr), SERVICE_NETWORK];
  const apiServer: ApiServer = layer.config.analysis?.apiServer ?? { cidrs, ports: API_SERVER_PORTS };
  return { provider: access.kubernetes.provider, apiServer, nodes: nodesOf(layer, key) };
}

/** The Docker provider of a Swarm cluster. */
export function swarmOf(key: string, access: ClusterAccess | undefined): DockerProvider {
  if (access?.swarm !== undefined) return access.swarm.provider;
  throw new UserError(
    `\`analysis.standalone\` on a Swarm needs \`analysis.cluster\` to be a Swarm cluster, got \`${key}\`.`,
  );
}

function kubeconfigOf(stack: string, cluster: string): pulumi.Output<string> {
  const name = stackName(stack);
  const clusters = new pulumi.StackReference(name).getOutput("clusters") as pulumi.Output<
    { kubeconfigs?: Record<string, string> } | undefined
  >;
  return pulumi.secret(
    clusters.apply((outputs) => {
      const found = outputs?.kubeconfigs?.[cluster];
      if (found !== undefined) return found;
      const known = Object.keys(outputs?.kubeconfigs ?? {}).join(", ") || "none";
      throw new UserError(
        `\`analysis.cluster\`: stack "${name}" has no Kubernetes cluster \`${cluster}\` (it has ${known}). Run \`pulumi up\` there first, or name another.`,
      );
    }),
  );
}

/** The cluster's nodes by their group, where the cloud was asked for its flavors. */
function nodesOf({ plan, cloud }: Layer, key: string): Record<string, NodeShape> | undefined {
  const cluster = plan.clusters.find((planned) => planned.key === key);
  const groups = [
    ["default-worker", cluster?.flavor ?? ""],
    ...(cluster?.nodeGroups ?? []).map((group) => [group.key, group.flavor]),
  ] as [string, string][];
  const shapes = groups.map(([group, flavor]) => [group, cloud.flavor(flavor)] as const);
  if (shapes.some(([, shape]) => shape === undefined)) return undefined;
  return Object.fromEntries(shapes) as Record<string, NodeShape>;
}
