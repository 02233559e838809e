import { dcosEndpoints, mesosEndpoints } from "../components/clusters/client/endpoints";
import { KubernetesClient } from "../components/clusters/client/KubernetesClient";
import { SwarmClient } from "../components/clusters/client/SwarmClient";
import type { Cluster } from "../components/clusters/Cluster";
import { engineOf } from "../components/clusters/engines/registry";
import { labelTable } from "../components/clusters/labels";
import { supports } from "../components/clusters/matrix";
import type { ClusterConfig } from "./config/clusters";
import type { Layer } from "./layer";

/** What a cluster's users need to work on it, by the kind of its engine's client. */
export interface ClusterAccess {
  /** Of its administrator; secret. */
  kubeconfig?: unknown;
  /** Of its users, by their names; secret. */
  userKubeconfigs?: Record<string, unknown>;
  /** For those who log in with Keystone; where the cluster has its webhook. */
  keystoneKubeconfig?: unknown;
  /** What `docker --tlsverify` wants; secret. */
  dockerTls?: unknown;
  endpoints?: unknown;
  /** The clients themselves, for what this stack puts onto the cluster. */
  kubernetes?: KubernetesClient;
  swarm?: SwarmClient;
}

/** Makes the credentials of a cluster's native client. */
export function createAccess(layer: Layer, key: string, cluster: Cluster, config: ClusterConfig): ClusterAccess {
  const engine = layer.plan.templates[config.template]?.engine ?? "";
  const { name: cloud, region } = layer.config.cloud;
  const { clusterId, apiAddress } = cluster;
  const common = { clusterId, apiAddress, cloud, region, serial: config.credentials };
  const name = `cluster-${key}-client`;
  switch (engineOf(engine, `clusters.clusters.${key}`).client) {
    case "kubeconfig": {
      const access = { clusterName: cluster.clusterName, ...common };
      const admin = new KubernetesClient(name, { ...access, user: "admin" }, layer.options);
      const users = Object.entries(config.users).map(([user, scope]): [string, unknown] => {
        const client = { ...access, user, scope, administrator: admin.provider };
        return [user, new KubernetesClient(`cluster-${key}-${user}`, client, layer.options).kubeconfig];
      });
      return {
        kubernetes: admin,
        kubeconfig: admin.kubeconfig,
        ...(users.length > 0 && { userKubeconfigs: Object.fromEntries(users) }),
        ...(hasKeystoneLogin(layer, key) && { keystoneKubeconfig: admin.keystoneKubeconfig }),
      };
    }
    case "docker": {
      const swarm = new SwarmClient(name, { ...common, user: "admin" }, layer.options);
      return { swarm, dockerTls: swarm.tls };
    }
    case "marathon":
      return { endpoints: apiAddress.apply(mesosEndpoints) };
    case "dcos":
      return { endpoints: apiAddress.apply(dcosEndpoints) };
  }
}

/** Whether the cluster's driver installs Keystone's webhook: by the label, else by what it does by itself. */
function hasKeystoneLogin({ plan, config }: Layer, key: string): boolean {
  const { release } = config.cloud;
  const cluster = plan.clusters.find((planned) => planned.key === key);
  const template = plan.templates[cluster?.template ?? ""];
  if (template === undefined || supports(release, template.driver, "keystoneAuth") !== true) return false;
  const label = "keystone_auth_enabled";
  const said = cluster?.labels[label] ?? template.labels[label];
  return (said ?? labelTable(template.driver, release)[label]?.fallback) === "true";
}
