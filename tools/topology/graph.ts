import type { StackConfig } from "../../stacks/config/schema";
import type { StackPlan } from "../../stacks/plan";
import { clusterBoxes, type ClusterBoxes } from "./clusterBoxes";
import { brokerBond, meshBonds, meshInside } from "./meshBonds";
import { type Bond, type Box, box, counted, type Flow, type Graph, groupId, GROUPS, listed, wrapped } from "./model";

/** What a stack consists of. Members of one role in one zone share a box, so that any size is readable. */
export function topologyOf(config: StackConfig, plan: StackPlan, stack: string): Graph {
  const clusters = clusterBoxes(config, plan);
  const bonds = [...meshBonds(plan), ...brokerBond(plan)];
  return {
    title: `Stack ${stack}`,
    subtitle: subtitleOf(config, plan),
    boxes: [
      ...externalBox(config),
      ...servicesBox(config),
      ...clusters.templates,
      ...networkBoxes(config, plan, clusters),
    ],
    flows: [...routeFlows(config, plan), ...serviceFlows(plan), ...clusters.flows],
    bonds: bonds.filter((bond: Bond) => bond.ends.length > 1),
  };
}

function subtitleOf(config: StackConfig, plan: StackPlan): string {
  const counts: [number, string][] = [
    [plan.zones.length, "zone"],
    [plan.messaging?.brokers?.members.length ?? 0, "broker"],
    [plan.messaging?.mesh?.routers.length ?? 0, "router"],
    [plan.messaging?.mesh?.edges.length ?? 0, "edge router"],
    [plan.clusters.length, "cluster"],
    [plan.clusters.reduce((sum, cluster) => sum + cluster.nodes + cluster.masters, 0), "cluster node"],
  ];
  const mode = plan.messaging === undefined ? [] : [`${plan.messaging.mode} messaging`];
  const parts = counts.filter(([count]) => count > 0).map(([count, what]) => counted(count, what));
  return [`OpenStack ${config.cloud.release}`, ...mode, ...parts].join("  ·  ");
}

function externalOf(config: StackConfig): string | undefined {
  return config.network?.external ?? config.clusters?.external;
}

function externalBox(config: StackConfig): Box[] {
  const external = externalOf(config);
  return external === undefined ? [] : [box("external", "external", external, ["external network"])];
}

function servicesBox(config: StackConfig): Box[] {
  if (config.messaging === undefined) return [];
  const { release, services } = config.messaging;
  const names = wrapped(listed([...services].sort(), 12), 32);
  const lines = [...names, `of OpenStack ${release ?? config.cloud.release}`, ...externalBrokers(config)];
  return [
    { ...box("services", "services", "Services (clients)", lines), ports: ["services:rpc", "services:notifications"] },
  ];
}

function externalBrokers(config: StackConfig): string[] {
  const { external } = config.messaging?.broker ?? {};
  return external === undefined ? [] : [counted(external.endpoints.length, `external ${brokerName(config)}`)];
}

function brokerName(config: StackConfig): string {
  return `${{ rabbitmq: "RabbitMQ", artemis: "Artemis", kafka: "Kafka" }[config.messaging?.broker.kind ?? "rabbitmq"]} broker`;
}

/** The network with what stands on it; without one, what would stand on it stands alone. */
function networkBoxes(config: StackConfig, plan: StackPlan, clusters: ClusterBoxes): Box[] {
  if (plan.zones.length === 0) return [...clusters.inside, ...clusters.outside];
  const ranges = [config.network?.cidr, config.network?.ipv6Cidr].filter((range) => range !== undefined);
  const gateway = plan.network
    ? [box("gateway", "gateway", plan.network.routerName, ["Neutron router of all zones"])]
    : [];
  const children = [...gateway, ...plan.zones.map((zone) => zoneBox(zone, config, plan)), ...clusters.inside];
  const network = box("network", "network", networkTitle(config, plan), [["network", ...ranges].join("  ")], children);
  return [network, ...clusters.outside];
}

function networkTitle(config: StackConfig, plan: StackPlan): string {
  const { existing } = config.network ?? {};
  return plan.network?.name ?? existing?.network ?? `Network of stack ${config.reads.network ?? "unknown"}`;
}

function zoneBox(zone: StackPlan["zones"][number], config: StackConfig, plan: StackPlan): Box {
  const lines = [[zone.cidr, zone.cidrV6].filter((range) => range !== undefined).join("  ")];
  const tooltip = (plan.network?.subnets ?? [])
    .filter((subnet) => subnet.zone === zone.zone)
    .map((subnet) => `${subnet.name}: ${subnet.cidr}, gateway ${subnet.gateway}`);
  const children = GROUPS.flatMap((kind) => groupBox(kind, zone.zone, config, plan));
  return { ...box(`zone-${zone.zone}`, "zone", `Zone ${zone.zone}`, lines, children), tooltip };
}

function groupBox(kind: (typeof GROUPS)[number], zone: string, config: StackConfig, plan: StackPlan): Box[] {
  const messaging = plan.messaging;
  const all = (kind === "routers" ? messaging?.mesh?.routers : messaging?.brokers?.members) ?? [];
  const members = all.filter((member) => member.zone === zone);
  if (members.length === 0) return [];
  const names = members.map((member) => `${member.hostName}  ${member.address}`);
  const facts = kind === "routers" ? routerFacts(config, plan, zone) : brokerFacts(config, plan);
  const title = counted(members.length, kind === "routers" ? "dispatch router" : brokerName(config));
  return [{ ...box(groupId(kind, zone), kind, title, [...listed(names), ...facts]), tooltip: [...names, ...facts] }];
}

function routerFacts(config: StackConfig, plan: StackPlan, zone: string): string[] {
  const inside = meshInside(plan, zone);
  const links = inside === undefined ? [] : [`${counted(inside.count, "link")} inside, cost ${inside.cost}`];
  const edges = (plan.messaging?.mesh?.edges ?? []).filter((edge) => edge.zone === zone);
  const groups = [...new Set(edges.map((edge) => edge.group))];
  return [
    [config.messaging?.rpc?.flavor ?? "", ...links].join(" · "),
    ...(edges.length === 0 ? [] : [`${counted(edges.length, "edge router")}: ${listed(groups, 4).join(", ")}`]),
  ];
}

function brokerFacts(config: StackConfig, plan: StackPlan): string[] {
  const { flavor = "", volumeSize = 0 } = config.messaging?.broker ?? {};
  const alone = brokerBond(plan).filter((bond) => bond.ends.length === 1 && bond.count > 1);
  return [`${flavor} · ${volumeSize} GiB`, ...alone.map((bond) => bond.lines.join(" · "))];
}

function routeFlows(config: StackConfig, plan: StackPlan): Flow[] {
  if (config.network?.external === undefined || plan.zones.length === 0) return [];
  const to = plan.network ? "gateway" : "network";
  return [{ id: "route", kind: "route", from: "external", to, tooltip: "routed to the outside" }];
}

/** RPC goes to the routers where there are any, and to the brokers otherwise; notifications always go to the brokers. */
function serviceFlows(plan: StackPlan): Flow[] {
  const zonesOf = (members: readonly { zone: string }[]) => new Set(members.map((member) => member.zone));
  const brokers = zonesOf(plan.messaging?.brokers?.members ?? []);
  const routers = zonesOf(plan.messaging?.mesh?.routers ?? []);
  const flow = (kind: "rpc" | "notifications", group: (typeof GROUPS)[number], zone: string): Flow => ({
    id: `${kind}-${zone}`,
    kind,
    from: `services:${kind}`,
    to: groupId(group, zone),
    tooltip: `${kind === "rpc" ? "RPC" : "notifications"} to the ${group} of ${zone}`,
  });
  return [
    ...[...(routers.size > 0 ? routers : brokers)].map((zone) =>
      flow("rpc", routers.size > 0 ? "routers" : "brokers", zone),
    ),
    ...[...brokers].map((zone) => flow("notifications", "brokers", zone)),
  ];
}
