import type { Placement } from "../../components/messaging/placement";
import type { StackConfig } from "../../stacks/config/schema";
import type { StackPlan } from "../../stacks/plan";

/** A box of the picture: a container (zone, cluster) or something that runs. */
export interface Box {
  id: string;
  /** Decides the colour. */
  kind: "services" | "network" | "zone" | "routers" | "brokers" | "cluster" | "masters" | "nodes" | "external";
  title: string;
  lines: string[];
  children: Box[];
}

/** A line of the picture. */
export interface Link {
  id: string;
  from: string;
  to: string;
  kind: "rpc" | "notifications" | "mesh" | "cluster" | "route";
  label: string;
}

export interface Graph {
  title: string;
  subtitle: string;
  boxes: Box[];
  links: Link[];
}

/** Names that are listed before the rest is counted: more could not be read. */
const MAX_NAMES = 6;

/** What a stack consists of, as boxes and lines; members of one role in one zone share a box, so that any size is readable. */
export function topologyOf(config: StackConfig, plan: StackPlan, stack: string): Graph {
  const zones = plan.zones.map((zone) => zoneBox(zone, plan));
  const inside = plan.clusters.filter((cluster) => isInside(config, cluster.key));
  const outside = plan.clusters.filter((cluster) => !inside.includes(cluster));
  const services = servicesBox(config);
  const external = config.network?.external ?? config.clusters?.external;
  return {
    title: stack,
    subtitle: subtitleOf(config, plan),
    boxes: [
      ...(external === undefined ? [] : [box("external", "external", external, ["external network"])]),
      ...(services ? [services] : []),
      ...(zones.length === 0 ? [] : [networkBox(config, plan, [...zones, ...inside.map(clusterBox)])]),
      ...outside.map(clusterBox),
    ],
    links: [
      ...(external === undefined
        ? []
        : routeLinks(
            zones.length > 0,
            outside.map((cluster) => cluster.key),
          )),
      ...(services ? serviceLinks(plan) : []),
      ...meshLinks(plan),
      ...brokerLinks(plan),
    ],
  };
}

function box(id: string, kind: Box["kind"], title: string, lines: string[], children: Box[] = []): Box {
  return { id, kind, title, lines, children };
}

function subtitleOf(config: StackConfig, plan: StackPlan): string {
  const counts: [number, string][] = [
    [plan.zones.length, "zones"],
    [plan.messaging?.brokers.members.length ?? 0, "brokers"],
    [plan.messaging?.mesh?.routers.length ?? 0, "routers"],
    [Object.keys(plan.templates).length, "cluster templates"],
    [plan.clusters.length, "clusters"],
    [plan.clusters.reduce((sum, cluster) => sum + cluster.nodes + cluster.masters, 0), "cluster nodes"],
  ];
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${count === 1 ? what.slice(0, -1) : what}`);
  const mode = plan.messaging === undefined ? [] : [`${plan.messaging.mode} messaging`];
  return [`OpenStack ${config.cloud.release}`, ...mode, ...parts].join("  ·  ");
}

/** Whether a cluster's nodes stand on the stack's network, or on one that Magnum makes. */
function isInside(config: StackConfig, key: string): boolean {
  return config.clusters?.clusters[key]?.ownNetwork === false;
}

function networkBox(config: StackConfig, plan: StackPlan, children: Box[]): Box {
  const title = plan.network?.name ?? config.network?.existing?.network ?? "network of another stack";
  const ranges = [config.network?.cidr, config.network?.ipv6Cidr].filter((range) => range !== undefined);
  return box("network", "network", title, ranges.length === 0 ? [] : [ranges.join("  ")], children);
}

function servicesBox(config: StackConfig): Box | undefined {
  if (config.messaging === undefined) return undefined;
  const { release, services } = config.messaging;
  return box("services", "services", "services", [
    named(services).join(", "),
    `OpenStack ${release ?? config.cloud.release}`,
  ]);
}

function zoneBox(zone: StackPlan["zones"][number], plan: StackPlan): Box {
  const inZone = (members: readonly Placement[]) => members.filter((member) => member.zone === zone.zone);
  const brokers = inZone(plan.messaging?.brokers.members ?? []);
  const routers = inZone(plan.messaging?.mesh?.routers ?? []);
  const lines = [zone.cidr, ...(zone.cidrV6 === undefined ? [] : [zone.cidrV6])];
  return box(zoneId(zone.zone), "zone", zone.zone, lines, [
    ...(routers.length === 0 ? [] : [membersBox("routers", zone.zone, routers, "dispatch router")]),
    ...(brokers.length === 0 ? [] : [membersBox("brokers", zone.zone, brokers, "RabbitMQ broker")]),
  ]);
}

function membersBox(kind: "routers" | "brokers", zone: string, members: readonly Placement[], what: string): Box {
  const title = `${members.length} ${what}${members.length === 1 ? "" : "s"}`;
  return box(groupId(kind, zone), kind, title, named(members.map((member) => `${member.hostName}  ${member.address}`)));
}

function clusterBox(cluster: StackPlan["clusters"][number]): Box {
  const id = `cluster-${cluster.key}`;
  return box(
    id,
    "cluster",
    cluster.name,
    [`Magnum cluster, template ${cluster.template}`],
    [
      box(`${id}-masters`, "masters", `${cluster.masters} master${cluster.masters === 1 ? "" : "s"}`, [
        cluster.masterFlavor,
      ]),
      box(`${id}-nodes`, "nodes", `${cluster.nodes} node${cluster.nodes === 1 ? "" : "s"}`, [cluster.flavor]),
    ],
  );
}

function named(names: readonly string[]): string[] {
  if (names.length <= MAX_NAMES) return [...names];
  return [...names.slice(0, MAX_NAMES - 1), `… and ${names.length - MAX_NAMES + 1} more`];
}

const zoneId = (zone: string) => `zone-${zone}`;
const groupId = (kind: "routers" | "brokers", zone: string) => `${kind}-${zone}`;

function routeLinks(network: boolean, outside: readonly string[]): Link[] {
  const targets = [...(network ? ["network"] : []), ...outside.map((key) => `cluster-${key}`)];
  return targets.map((to) => ({ id: `route-${to}`, from: "external", to, kind: "route", label: "" }));
}

/** Which zones have members of a role. */
function zonesWith(members: readonly Placement[]): string[] {
  return [...new Set(members.map((member) => member.zone))];
}

function serviceLinks(plan: StackPlan): Link[] {
  const brokers = zonesWith(plan.messaging?.brokers.members ?? []);
  const routers = zonesWith(plan.messaging?.mesh?.routers ?? []);
  const link = (kind: "rpc" | "notifications", to: string, label: string): Link => ({
    id: `${kind}-${to}`,
    from: "services",
    to,
    kind,
    label,
  });
  const vanilla = routers.length === 0;
  return [
    ...routers.map((zone) => link("rpc", groupId("routers", zone), "")),
    ...brokers.map((zone) => link("notifications", groupId("brokers", zone), vanilla ? "RPC and notifications" : "")),
  ];
}

/** Links between routers of two zones, counted, with their cost. */
function meshLinks(plan: StackPlan): Link[] {
  const routers = plan.messaging?.mesh?.routers ?? [];
  const zoneOf = new Map(routers.map((router) => [router.key, router.zone]));
  const counts = new Map<string, { from: string; to: string; cost: number; count: number }>();
  for (const router of routers) {
    for (const { to, cost } of router.links) {
      const [a, b] = [zoneOf.get(to) ?? "", router.zone].sort() as [string, string];
      if (a === b) continue;
      const key = `${a}|${b}`;
      counts.set(key, { from: a, to: b, cost, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...counts.entries()].map(([key, { from, to, cost, count }]) => ({
    id: `mesh-${key}`,
    from: groupId("routers", from),
    to: groupId("routers", to),
    kind: "mesh",
    label: `${count} link${count === 1 ? "" : "s"}, cost ${cost}`,
  }));
}

function brokerLinks(plan: StackPlan): Link[] {
  const zones = zonesWith(plan.messaging?.brokers.members ?? []);
  return zones.slice(1).map((zone, index) => ({
    id: `cluster-${zone}`,
    from: groupId("brokers", zones[index] ?? ""),
    to: groupId("brokers", zone),
    kind: "cluster",
    label: "",
  }));
}
