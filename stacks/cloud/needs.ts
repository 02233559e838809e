import type { ClusterShape } from "../../components/clusters/clusterNeeds";
import { findDriver } from "../../components/clusters/engines/registry";
import { installedAs, type WantedBrokers } from "../../components/messaging/brokers/change";
import type { ClusterPlan } from "../clustersPlan";
import type { StackConfig } from "../config/schema";
import type { StackPlan } from "../plan";
import { type GroupNeeds, messagingGroups } from "./messagingNeeds";
import { type TemplateNeed, templateNeeds } from "./templates";

/** What a stack takes from its cloud: names that must be there, names that must be free, and how much of each quota. */
export interface CloudNeeds {
  /** Flavor name → the setting that asks for it. */
  flavors: Map<string, string>;
  /** Image name or id → the setting that asks for it. */
  images: Map<string, string>;
  externalNetworks: Map<string, string>;
  networks: Map<string, string>;
  subnets: Map<string, string>;
  zones: Map<string, string>;
  keyPairs: Map<string, string>;
  /** Names that only this stack may have. */
  networkName?: string;
  /** Names of the network's subnets; each has a port of the router's. */
  subnetNames: string[];
  servers: { name: string; flavor: string }[];
  volumes: { name: string; size: number }[];
  /** Brokers of this stack's own; compared with those that are there, since these hold data. */
  brokers?: WantedBrokers;
  /** What cluster templates ask of their images and flavors. */
  templates?: TemplateNeed[];
  securityGroups: GroupNeeds[];
  serverGroups: string[];
  clusters: (ClusterShape & { name: string })[];
  /** Images that Magnum makes nodes from → the setting, and the properties that its driver needs of it. */
  nodeImages: Map<string, { setting: string; properties: readonly string[] }>;
}

type Named = Map<string, string>;

function named(entries: readonly [string | undefined, string][]): Named {
  return new Map(entries.filter((entry): entry is [string, string] => entry[0] !== undefined));
}

/** Sums up what a planned stack needs; pure, so that it is tested without a cloud. */
export function needsOf(config: StackConfig, plan: StackPlan): CloudNeeds {
  const { network, messaging, clusters, cloud } = config;
  const brokers = plan.messaging?.brokers?.members ?? [];
  const { routers = [], edges = [] } = plan.messaging?.mesh ?? {};
  return {
    flavors: flavorsOf(config, plan),
    images: imagesOf(config, plan),
    externalNetworks: named([
      [network?.external, "network.external"],
      [clusters?.external, "clusters.external"],
    ]),
    networks: named([[network?.existing?.network, "network.existing.network"], ...templateNames(plan, "fixedNetwork")]),
    subnets: named([
      ...Object.entries(network?.existing?.subnets ?? {}).map(([zone, s]): [string, string] => [
        s.subnet,
        `network.existing.subnets.${zone}.subnet`,
      ]),
      ...templateNames(plan, "fixedSubnet"),
    ]),
    zones: named((network?.zones ?? []).map((zone) => [zone, "network.zones"])),
    keyPairs: named([[cloud.keyPair, "cloud.keyPair"], ...templateNames(plan, "keyPair")]),
    networkName: plan.network?.name,
    subnetNames: (plan.network?.subnets ?? []).map((subnet) => subnet.name),
    servers: [
      ...brokers.map((member) => ({ name: member.hostName, flavor: messaging?.broker.flavor ?? "" })),
      ...[...routers, ...edges].map((router) => ({ name: router.hostName, flavor: messaging?.rpc?.flavor ?? "" })),
    ],
    volumes: brokers.map((member) => ({
      name: `${member.hostName}-data`,
      size: messaging?.broker.volumeSize ?? 0,
    })),
    brokers: wantedBrokers(config, brokers),
    templates: templateNeeds(plan.templates, cloud.release),
    ...messagingGroups(config, plan),
    clusters: plan.clusters.map((cluster) => shapeOf(config, plan, cluster)),
    nodeImages: nodeImagesOf(plan),
  };
}

function shapeOf(
  { clusters, network, reads }: StackConfig,
  plan: StackPlan,
  cluster: ClusterPlan,
): ClusterShape & { name: string } {
  const template = plan.templates[cluster.template];
  const hasNetwork = network !== undefined || reads.network !== undefined;
  const { nodeGroups } = cluster;
  return {
    ...cluster,
    maker: template && findDriver(template.driver)?.driver.orchestration === "cluster-api" ? "capi" : "heat",
    // The autoscaler may fill every group.
    nodeGroups: nodeGroups.map(({ nodes, maxNodes, flavor }) => ({ nodes: Math.max(nodes, maxNodes ?? 0), flavor })),
    masterLoadBalancer: template?.masterLoadBalancer,
    ownNetwork: clusters?.clusters[cluster.key]?.ownNetwork === true || !hasNetwork,
    labels: { ...template?.labels, ...cluster.labels },
  };
}

/** capi-helm takes the version from the image. Source: magnum-capi-helm's README. What `os_distro` says is checked apart. */
function nodeImagesOf({ templates }: StackPlan): CloudNeeds["nodeImages"] {
  return new Map(
    Object.values(templates).map((template) => [
      template.image,
      {
        setting: template.merged["image"]?.field ?? "",
        properties: template.driver === "magnum-capi-helm" ? ["kube_version"] : [],
      },
    ]),
  );
}

function wantedBrokers(
  { messaging }: StackConfig,
  members: readonly { hostName: string }[],
): WantedBrokers | undefined {
  if (messaging === undefined || members.length === 0) return undefined;
  const { broker, servers } = messaging;
  const image = installedAs({ ...broker, install: broker.install ?? servers.install });
  return { kind: broker.kind, image, hostNames: members.map(({ hostName }) => hostName) };
}

function flavorsOf({ messaging }: StackConfig, { templates }: StackPlan): Named {
  return named([
    [messaging?.broker.flavor, "messaging.broker.flavor"],
    [messaging?.rpc?.flavor, "messaging.rpc.flavor"],
    ...Object.values(templates).flatMap((t): [string, string][] => [
      [t.flavor, t.merged["flavor"]?.field ?? ""],
      ...(t.merged["masterFlavor"] === undefined
        ? []
        : [[t.masterFlavor, t.merged["masterFlavor"].field] as [string, string]]),
    ]),
  ]);
}

function imagesOf({ messaging }: StackConfig, { templates }: StackPlan): Named {
  return named([
    [messaging?.broker.image, "messaging.broker.image"],
    [messaging?.rpc?.image, "messaging.rpc.image"],
    ...Object.values(templates).map((t): [string, string] => [t.image, t.merged["image"]?.field ?? ""]),
  ]);
}

/** Names that cluster templates take from the cloud, with the settings that say them. */
function templateNames({ templates }: StackPlan, key: "fixedNetwork" | "fixedSubnet" | "keyPair"): [string, string][] {
  return Object.values(templates).flatMap((t): [string, string][] =>
    t[key] === undefined ? [] : [[t[key], t.merged[key]?.field ?? ""]],
  );
}
