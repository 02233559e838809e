import type { ClusterShape } from "../../components/clusters/clusterNeeds";
import { installedAs, type WantedBrokers } from "../../components/messaging/brokers/change";
import type { StackConfig } from "../config/schema";
import type { ClusterPlan, StackPlan } from "../plan";
import { type GroupNeeds, messagingGroups } from "./messagingNeeds";

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
    flavors: flavorsOf(config),
    images: imagesOf(config),
    externalNetworks: named([
      [network?.external, "network.external"],
      [clusters?.external, "clusters.external"],
    ]),
    networks: named([[network?.existing?.network, "network.existing.network"]]),
    subnets: named(
      Object.entries(network?.existing?.subnets ?? {}).map(([zone, s]) => [
        s.subnet,
        `network.existing.subnets.${zone}.subnet`,
      ]),
    ),
    zones: named((network?.zones ?? []).map((zone) => [zone, "network.zones"])),
    keyPairs: named([[cloud.keyPair, "cloud.keyPair"]]),
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
    ...messagingGroups(config, plan),
    clusters: plan.clusters.map((cluster) => shapeOf(config, cluster)),
    nodeImages: nodeImagesOf(config),
  };
}

function shapeOf({ clusters, network, reads }: StackConfig, cluster: ClusterPlan): ClusterShape & { name: string } {
  const template = clusters?.templates[cluster.template];
  const own = clusters?.clusters[cluster.key];
  const hasNetwork = network !== undefined || reads.network !== undefined;
  return {
    ...cluster,
    floatingIps: template?.floatingIps,
    masterLoadBalancer: template?.masterLoadBalancer,
    ownNetwork: own?.ownNetwork === true || !hasNetwork,
    dockerVolumeSize: template?.dockerVolumeSize,
    labels: { ...template?.labels, ...own?.labels },
  };
}

/** Magnum chooses its driver by `os_distro`, and answers 404 for an image without it. Source: Magnum's user guide, "image". */
function nodeImagesOf({ clusters }: StackConfig): CloudNeeds["nodeImages"] {
  return new Map(
    Object.entries(clusters?.templates ?? {}).map(([key, template]) => [
      template.image,
      { setting: `clusters.templates.${key}.image`, properties: ["os_distro"] },
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

function flavorsOf({ messaging, clusters }: StackConfig): Named {
  return named([
    [messaging?.broker.flavor, "messaging.broker.flavor"],
    [messaging?.rpc?.flavor, "messaging.rpc.flavor"],
    ...Object.entries(clusters?.templates ?? {}).flatMap(([key, t]): [string | undefined, string][] => [
      [t.flavor, `clusters.templates.${key}.flavor`],
      [t.masterFlavor, `clusters.templates.${key}.masterFlavor`],
    ]),
  ]);
}

function imagesOf({ messaging, clusters }: StackConfig): Named {
  return named([
    [messaging?.broker.image, "messaging.broker.image"],
    [messaging?.rpc?.image, "messaging.rpc.image"],
    ...Object.entries(clusters?.templates ?? {}).map(([key, t]): [string, string] => [
      t.image,
      `clusters.templates.${key}.image`,
    ]),
  ]);
}
