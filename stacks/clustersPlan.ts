import { catalogue } from "../components/clusters/catalogue";
import { engineOf, findDriver } from "../components/clusters/engines/registry";
import { checkLabels } from "../components/clusters/labels";
import { mergeLayers } from "../components/clusters/layers";
import { supports } from "../components/clusters/matrix";
import { checkNodeGroup } from "../components/clusters/nodeGroupPlan";
import { saidLayers, valuesOf } from "../components/clusters/templateLayers";
import { planTemplate, type TemplatePlan, type TemplatePlanRequest } from "../components/clusters/templatePlan";
import { type TemplateValues, templateValuesIn } from "../components/clusters/values";
import { attempt, UserError } from "../components/errors";
import { resourceName } from "../components/names";
import type { Release } from "../components/releases";
import type { ClusterConfig, ClustersConfig, NodeGroupConfig, TemplateConfig } from "./config/clusters";
import type { NetworkConfig } from "./config/schema";

export interface ClusterPlan {
  key: string;
  name: string;
  template: string;
  nodes: number;
  masters: number;
  flavor: string;
  masterFlavor: string;
  dockerVolumeSize?: number;
  floatingIps: boolean;
  /** Labels over the template's, as they are sent. */
  labels: Readonly<Record<string, string>>;
  nodeGroups: NodeGroupPlan[];
}

export interface NodeGroupPlan {
  key: string;
  nodes: number;
  /** The autoscaler's upper limit, for which the quota must have room. */
  maxNodes?: number;
  flavor: string;
  dockerVolumeSize?: number;
  /** Labels over the cluster's, as they are sent. */
  labels: Readonly<Record<string, string>>;
}

/** The clusters layer of a stack, planned. */
export interface ClustersPlan {
  templates: Record<string, TemplatePlan>;
  clusters: ClusterPlan[];
}

export interface ClustersRequest {
  prefix: string;
  release: Release;
  /** The network layer, whose external network the clusters take where they say none. */
  network?: NetworkConfig;
  /** File of the configuration, for `explain`. */
  source?: string;
}

/**
 * Plans the clusters layer.
 * @throws UserError with every mistake of every template and cluster.
 */
export function planClusters(layer: ClustersConfig, request: ClustersRequest): ClustersPlan {
  const findings = externalFindings(layer, request.network);
  const templates: Record<string, TemplatePlan> = {};
  for (const [key, template] of Object.entries(layer.templates)) {
    const plan = attempt(findings, () => planTemplate(templateRequest(layer, key, template, request)));
    if (plan !== undefined) templates[key] = plan;
  }
  const clusters = Object.entries(layer.clusters).flatMap(([key, cluster]) => {
    const plan = attempt(findings, () => planCluster(layer, key, cluster, templates[cluster.template], request));
    return plan === undefined ? [] : [plan];
  });
  if (findings.length > 0) throw UserError.all(findings);
  return { templates, clusters };
}

/** The request for a template's plan, from the stack's section. */
export function templateRequest(
  { site }: ClustersConfig,
  key: string,
  template: TemplateConfig,
  { prefix, release, source }: ClustersRequest,
): TemplatePlanRequest {
  const { from, accept, acceptUnknownLabels } = template;
  const values = templateValuesIn(template);
  return { prefix, key, release, source, site, siteValues: site.defaults, from, accept, acceptUnknownLabels, values };
}

function externalFindings(layer: ClustersConfig, network: NetworkConfig | undefined): string[] {
  if (layer.external !== undefined || network?.external !== undefined) return [];
  return ["`clusters.external` is missing: Magnum needs an external network; give it here or as `network.external`."];
}

/** Plans a cluster; where its template has no plan, only what does not depend on it is checked. */
function planCluster(
  layer: ClustersConfig,
  key: string,
  cluster: ClusterConfig,
  template: TemplatePlan | undefined,
  request: ClustersRequest,
): ClusterPlan {
  const findings = masterFindings(layer, key, cluster, request);
  if (template !== undefined) findings.push(...featureFindings(key, cluster, template, request.release));
  const checked = (labels: ClusterConfig["labels"], field: string) =>
    template && attempt(findings, () => clusterLabels(layer, cluster, labels, field, template, request.release));
  const labels = checked(cluster.labels, `clusters.clusters.${key}.labels`) ?? {};
  const flavor = cluster.flavor ?? template?.flavor ?? "";
  const nodeGroups = Object.entries(cluster.nodeGroups).map(([group, config]): NodeGroupPlan => {
    const field = `clusters.clusters.${key}.nodeGroups.${group}`;
    if (template !== undefined) attempt(findings, () => checkGroup(field, group, config, template, request.release));
    const { nodes, maxNodes, dockerVolumeSize } = config;
    const own = checked(config.labels, `${field}.labels`) ?? {};
    return { key: group, nodes, maxNodes, dockerVolumeSize, flavor: config.flavor ?? flavor, labels: own };
  });
  if (findings.length > 0) throw UserError.all(findings);
  const { nodes, masters, generation } = cluster;
  return {
    key,
    name: resourceName(request.prefix, key, generation === 1 ? "" : `g${generation}`),
    template: cluster.template,
    nodes,
    masters,
    flavor,
    masterFlavor: cluster.masterFlavor ?? template?.masterFlavor ?? flavor,
    dockerVolumeSize: cluster.dockerVolumeSize ?? template?.dockerVolumeSize,
    floatingIps: cluster.floatingIps ?? template?.floatingIps ?? false,
    labels,
    nodeGroups,
  };
}

function checkGroup(
  field: string,
  key: string,
  group: NodeGroupConfig,
  template: TemplatePlan,
  release: Release,
): void {
  const verdict = supports(release, template.driver, "nodeGroups");
  if (verdict !== true) throw new UserError(`\`${field}\` is not possible. ${verdict.reason} ${verdict.instead}`);
  checkNodeGroup(field, key, group, supports(release, template.driver, "zeroNodes") === true);
}

function masterFindings(
  layer: ClustersConfig,
  key: string,
  cluster: ClusterConfig,
  request: ClustersRequest,
): string[] {
  const field = `clusters.clusters.${key}.masters`;
  const template = layer.templates[cluster.template];
  const said = template && saidValues(layer, cluster.template, template, request);
  if (said === undefined) return [];
  const problem = engineOf(said.engine ?? "kubernetes", field).mastersProblem(cluster.masters);
  if (problem !== undefined) return [`\`${field}\` ${problem}.`];
  if (cluster.masters === 1 || said.masterLoadBalancer === true) return [];
  return [
    `\`${field}\` is ${cluster.masters}, but template "${cluster.template}" has no load balancer for masters. ` +
      `Set \`clusters.templates.${cluster.template}.masterLoadBalancer: true\`.`,
  ];
}

/** What is said of a template, also where no driver makes it. */
function saidValues(
  layer: ClustersConfig,
  key: string,
  template: TemplateConfig,
  request: ClustersRequest,
): TemplateValues | undefined {
  if (template.from !== undefined && !catalogue().has(template.from)) return undefined;
  return valuesOf(mergeLayers(saidLayers(templateRequest(layer, key, template, request))));
}

function featureFindings(key: string, cluster: ClusterConfig, template: TemplatePlan, release: Release): string[] {
  const at = `clusters.clusters.${key}`;
  const wanted = [
    ["zeroNodes", cluster.nodes === 0, `\`${at}.nodes\` must be at least 1.`],
    ["upgrade", cluster.upgrade === "in-place", `\`${at}.upgrade\` cannot be in-place.`],
  ] as const;
  const findings = wanted.flatMap(([feature, asked, refusal]) => {
    const verdict = asked ? supports(release, template.driver, feature) : true;
    return verdict === true ? [] : [`${refusal} ${verdict.reason} ${verdict.instead}`];
  });
  return findings.length > 0 || cluster.upgrade !== "in-place" ? findings : upgradeFindings(cluster, template);
}

/** A driver that finds no version in the new template fails half-way, and Magnum then never upgrades the cluster again. */
function upgradeFindings(cluster: ClusterConfig, { driver, labels }: TemplatePlan): string[] {
  const { upgradeLabels = [] } = findDriver(driver)?.driver ?? {};
  if (upgradeLabels.length === 0 || upgradeLabels.some((label) => label in labels)) return [];
  return [
    `\`clusters.templates.${cluster.template}.labels.${upgradeLabels[0]}\` is missing: ${driver} upgrades clusters in place to the version that it says, ` +
      "and fails without it, which leaves them in UPDATE_FAILED. Say which version the template has.",
  ];
}

function clusterLabels(
  { site, templates }: ClustersConfig,
  cluster: ClusterConfig,
  given: ClusterConfig["labels"],
  field: string,
  { driver }: TemplatePlan,
  release: Release,
): Record<string, string> {
  const acceptUnknownLabels = templates[cluster.template]?.acceptUnknownLabels;
  const level = "cluster";
  return checkLabels({ field, release, driver, labels: given, level, acceptUnknownLabels, site }).labels;
}
