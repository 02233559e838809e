import { installedAs, type WantedBrokers } from "../../components/messaging/brokers/change";
import type { StackConfig } from "../config/schema";
import type { StackPlan } from "../plan";
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
  servers: { name: string; flavor: string }[];
  volumes: { name: string; size: number }[];
  /** Brokers of this stack's own; compared with those that are there, since these hold data. */
  brokers?: WantedBrokers;
  /** What cluster templates ask of their images and flavors. */
  templates?: TemplateNeed[];
  clusters: { name: string; nodes: number; masters: number; flavor: string; masterFlavor: string }[];
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
    clusters: plan.clusters,
  };
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
