import * as pulumi from "@pulumi/pulumi";

import { Cluster } from "../components/clusters/Cluster";
import { ClusterTemplate } from "../components/clusters/ClusterTemplate";
import { templateValuesIn } from "../components/clusters/values";
import type { NetworkAttachment } from "../components/network/attachment";
import { clusterChanges } from "./clusterChanges";
import { type ClusterAccess, createAccess } from "./clusterClients";
import type { ClusterConfig, ClustersConfig, TemplateConfig } from "./config/clusters";
import type { Layer } from "./layer";

export interface ClustersLayer {
  outputs: Record<string, unknown>;
  /** Of each cluster, by its key. */
  access: Record<string, ClusterAccess>;
}

/** The clusters layer: a resource per template and per cluster, named by their keys. */
export function createClustersLayer(
  layer: Layer,
  config: ClustersConfig,
  network: NetworkAttachment | undefined,
): ClustersLayer {
  const templates = mapValues(config.templates, (template, key) => createTemplate(layer, config, key, template));
  const clusters = mapValues(config.clusters, (cluster, key) => createCluster(layer, key, cluster, templates, network));
  const access = mapValues(config.clusters, (cluster, key) => createAccess(layer, key, made(clusters, key), cluster));
  const outputs = {
    templates: mapValues(templates, (template) => template.templateName),
    clusters: mapValues(clusters, (cluster) => ({ id: cluster.clusterId, apiAddress: cluster.apiAddress })),
    kubeconfigs: given(mapValues(access, ({ kubeconfig }) => kubeconfig)),
    userKubeconfigs: given(mapValues(access, ({ userKubeconfigs }) => userKubeconfigs)),
    keystoneKubeconfigs: given(mapValues(access, ({ keystoneKubeconfig }) => keystoneKubeconfig)),
    dockerTls: given(mapValues(access, ({ dockerTls }) => dockerTls)),
    endpoints: given(mapValues(access, ({ endpoints }) => endpoints)),
  };
  return { outputs, access };
}

function createTemplate(layer: Layer, config: ClustersConfig, key: string, template: TemplateConfig): ClusterTemplate {
  const { cloud, network } = layer.config;
  const plan = made(layer.plan.templates, key);
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
      // Those that stay in the cloud anyway are nobody's to keep.
      formerVersions: retain ? [] : versionsOf(layer, key),
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
  const template = made(templates, cluster.template);
  const templatePlan = made(layer.plan.templates, cluster.template);
  const plan = layer.plan.clusters.find((planned) => planned.key === key);
  if (plan === undefined) throw new Error(`no plan of cluster ${key}`);
  const { keyPair } = layer.config.cloud;
  const existing = layer.cloud.magnum.clusters.get(plan.name);
  const { release } = layer.config.cloud;
  for (const change of clusterChanges({ plan, config: cluster, template: templatePlan, release, keyPair, existing })) {
    void pulumi.log.warn(change);
  }
  const zone = cluster.ownNetwork ? undefined : network?.zones[0];
  const { nodes, masters, upgrade, generation, flavor, masterFlavor, dockerVolumeSize } = cluster;
  const { floatingIps } = plan;
  return new Cluster(
    `cluster-${key}`,
    {
      ...{ key, nodes, masters, upgrade, generation, flavor, masterFlavor, dockerVolumeSize, floatingIps, keyPair },
      prefix: layer.plan.prefix,
      templateId: template.templateId,
      masterLoadBalancer: templatePlan.masterLoadBalancer,
      labels: plan.labels,
      nodeGroups: mapValues(cluster.nodeGroups, (group, groupKey) => ({
        ...group,
        image: group.image === undefined ? undefined : layer.cloud.imageId(group.image),
        labels: plan.nodeGroups.find((planned) => planned.key === groupKey)?.labels,
      })),
      networkId: zone && network?.networkId,
      subnetId: zone?.subnetId,
    },
    layer.options,
  );
}

/** Versions of a template that clusters use; names are the prefix, the key and eight hexadecimal digits. */
function versionsOf(layer: Layer, key: string): string[] {
  const start = `${layer.plan.prefix}-${key}-`;
  const isVersion = (name: string) => name.startsWith(start) && /^[0-9a-f]{8}$/.test(name.slice(start.length));
  return [...new Set(layer.cloud.magnum.templatesInUse.filter(isVersion))].sort();
}

function made<T>(record: Readonly<Record<string, T>>, key: string): T {
  const found = record[key];
  if (found === undefined) throw new Error(`nothing was made for "${key}"`);
  return found;
}

/** Only the entries that have a value; nothing where none has. */
function given<T>(record: Readonly<Record<string, T>>): Record<string, T> | undefined {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}
