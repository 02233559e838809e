import type { StackConfig } from "../../../stacks/config/schema";
import type { StackPlan } from "../../../stacks/plan";
import type { Inventory, Server, Thing, Zone } from "../inventory";
import { counted, listed, wrapped } from "../model";
import { clustersOf, elsewhereOf, templatesOf } from "./clusters";
import { linksOf } from "./links";

const BROKERS = { rabbitmq: "RabbitMQ", artemis: "Artemis", kafka: "Kafka" } as const;

/** Everything that a stack's plan has to show; no secret of the configuration is read. */
export function planInventory(config: StackConfig, plan: StackPlan, stack: string): Inventory {
  const external = config.network?.external ?? config.clusters?.external;
  return {
    stack,
    facts: [
      config.docker === undefined ? `OpenStack ${config.cloud.release}` : "containers on Docker",
      ...(plan.messaging === undefined ? [] : [`${plan.messaging.mode} messaging`]),
    ],
    external: config.docker === undefined ? external : undefined,
    ...networkOf(config, plan),
    zones: plan.zones.map((zone) => zoneOf(zone, plan)),
    services: servicesOf(config),
    servers: serversOf(config, plan),
    software: `${BROKERS[config.messaging?.broker.kind ?? "rabbitmq"]} broker`,
    links: linksOf(plan),
    sites: sitesOf(config),
    templates: templatesOf(plan),
    clusters: clustersOf(config, plan),
    elsewhere: elsewhereOf(config),
  };
}

function networkOf(config: StackConfig, plan: StackPlan): Pick<Inventory, "network" | "gateway"> {
  if (plan.zones.length === 0) return {};
  const ranges = [config.network?.cidr, config.network?.ipv6Cidr].filter((range) => range !== undefined);
  const { existing } = config.network ?? {};
  const title = plan.network?.name ?? existing?.network ?? `Network of stack ${config.reads.network ?? "unknown"}`;
  const onDocker = config.docker !== undefined;
  const network = {
    key: "network-net",
    title,
    lines: [[onDocker ? "Docker network" : "network", ...ranges].join("  ")],
  };
  if (plan.network === undefined || onDocker) return { network };
  const lines = ["Neutron router of all zones"];
  return { network, gateway: { key: "network-router", title: plan.network.routerName, lines } };
}

function zoneOf({ zone, cidr, cidrV6 }: StackPlan["zones"][number], plan: StackPlan): Zone {
  const tooltip = (plan.network?.subnets ?? [])
    .filter((subnet) => subnet.zone === zone)
    .map((subnet) => `${subnet.name}: ${subnet.cidr}, gateway ${subnet.gateway}`);
  const lines = [[cidr, cidrV6].filter((range) => range !== undefined).join("  ")];
  return { key: `zone-${zone}`, zone, title: `Zone ${zone}`, lines, tooltip };
}

function servicesOf(config: StackConfig): Thing | undefined {
  if (config.messaging === undefined) return undefined;
  const { release, services, broker } = config.messaging;
  const names = wrapped(listed([...services].sort(), 12), 32);
  const { external } = broker;
  const others =
    external === undefined ? [] : [`${counted(external.endpoints.length, `external ${BROKERS[broker.kind]} broker`)}`];
  const lines = [...names, `of OpenStack ${release ?? config.cloud.release}`, ...others];
  return { key: "services", title: "Services (clients)", lines };
}

function serversOf(config: StackConfig, plan: StackPlan): Server[] {
  const { broker, rpc } = config.messaging ?? {};
  const container = config.docker && `container, published on ${config.docker.publish}`;
  const routerFacts = container ?? rpc?.flavor ?? "";
  const brokerFacts = container ?? `${broker?.flavor ?? ""} · ${broker?.volumeSize ?? 0} GiB`;
  const { mesh, brokers } = plan.messaging ?? {};
  return [
    ...(mesh?.routers ?? []).map(({ key, zone, hostName, address }): Server => {
      return { key: `messaging-router-${key}`, role: "routers", zone, hostName, address, facts: routerFacts };
    }),
    ...(mesh?.edges ?? []).map(({ key, zone, hostName, group, links }): Server => {
      const costs = [...new Set(links.map((link) => link.cost))].join(", ");
      const facts = `${routerFacts} · each to ${counted(links.length, "router")}, cost ${costs}`;
      return { key: `messaging-router-edge-${key}`, role: "edges", zone, hostName, group, facts };
    }),
    ...(brokers?.members ?? []).map(({ key, zone, hostName, address }): Server => {
      return { key: `messaging-broker-${key}`, role: "brokers", zone, hostName, address, facts: brokerFacts };
    }),
  ];
}

function sitesOf(config: StackConfig): Thing[] {
  const sites = Object.entries(config.messaging?.rpc?.sites ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return sites.map(([site, { gateways, cidr }]) => ({
    key: `site-${site}`,
    title: `Site ${site}`,
    lines: [cidr, counted(Object.keys(gateways).length, "gateway")],
    tooltip: Object.entries(gateways).map(([hostName, address]) => `${hostName}  ${address}`),
  }));
}
