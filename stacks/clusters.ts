import { KubernetesClient } from "../components/clusters/client/KubernetesClient";
import { Cluster } from "../components/clusters/Cluster";
import { ClusterTemplate } from "../components/clusters/ClusterTemplate";
import { templateValuesIn } from "../components/clusters/values";
import type { NetworkAttachment } from "../components/network/attachment";
import type { ClusterConfig, ClustersConfig, TemplateConfig } from "./config/clusters";
import type { Layer } from "./layer";

/** The clusters layer: a resource per template and per cluster, named by their keys. */
export function createClustersLayer(
  layer: Layer,
  config: ClustersConfig,
  network: NetworkAttachment | undefined,
): Record<string, unknown> {
  const templates = mapValues(config.templates, (template, key) => createTemplate(layer, config, key, template));
  const clusters = mapValues(config.clusters, (cluster, key) => createCluster(layer, key, cluster, templates, network));
  return {
    templates: mapValues(templates, (template) => template.templateName),
    clusters: mapValues(clusters, (cluster) => ({ id: cluster.clusterId, apiAddress: cluster.apiAddress })),
    kubeconfigs: mapValues(clusters, (cluster, key) => createClient(layer, key, cluster).kubeconfig),
  };
}

function createTemplate(layer: Layer, config: ClustersConfig, key: string, template: TemplateConfig): ClusterTemplate {
  const { cloud, network } = layer.config;
  const plan = layer.plan.templates[key];
  if (plan === undefined) throw new Error(`no plan of template ${key}`);
  const external = config.external ?? network?.external ?? "";
  const { accept, acceptUnknownLabels, public: isPublic, hidden, retain = isPublic } = template;
  return new ClusterTemplate(
    `template-${key}`,
    {
      ...templateValuesIn({ ...plan }),
      ...{ image: plan.image, flavor: plan.flavor, driver: plan.driver, labels: { ...plan.labels } },
      ...{ accept, acceptUnknownLabels, public: isPublic, hidden },
      key,
      prefix: layer.plan.prefix,
      release: cloud.release,
      siteDrivers: config.site.drivers,
      cernMagnum: config.site.magnum === "cern",
      externalNetworkId: layer.cloud.networkId(external),
    },
    // Clusters of other projects may use a published template, and Magnum would refuse to remove it.
    { ...layer.options, retainOnDelete: retain },
  );
}

function createCluster(
  layer: Layer,
  key: string,
  cluster: ClusterConfig,
  templates: Readonly<Record<string, ClusterTemplate>>,
  network: NetworkAttachment | undefined,
): Cluster {
  const template = templates[cluster.template];
  if (template === undefined) throw new Error(`no template ${cluster.template}`);
  const plan = layer.plan.templates[cluster.template];
  const zone = cluster.ownNetwork ? undefined : network?.zones[0];
  return new Cluster(
    `cluster-${key}`,
    {
      prefix: layer.plan.prefix,
      key,
      templateId: template.templateId,
      nodes: cluster.nodes,
      masters: cluster.masters,
      masterLoadBalancer: plan?.masterLoadBalancer ?? false,
      labels: layer.plan.clusters.find((planned) => planned.key === key)?.labels,
      keyPair: layer.config.cloud.keyPair,
      networkId: zone && network?.networkId,
      subnetId: zone?.subnetId,
    },
    layer.options,
  );
}

function createClient(layer: Layer, key: string, cluster: Cluster): KubernetesClient {
  const { name, region } = layer.config.cloud;
  return new KubernetesClient(
    `cluster-${key}-client`,
    {
      clusterName: cluster.clusterName,
      clusterId: cluster.clusterId,
      apiAddress: cluster.apiAddress,
      user: "admin",
      cloud: name,
      region,
    },
    layer.options,
  );
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
