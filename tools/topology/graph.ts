import type { StackConfig } from "../../stacks/config/schema";
import type { StackPlan } from "../../stacks/plan";
import { type Changes, changeOf, reasonsOf } from "./changes";
import { clusterBoxes, type ClusterBoxes, thingBox } from "./clusterBoxes";
import type { Inventory, Role, Server } from "./inventory";
import { type Bond, type Box, box, counted, type Flow, type Graph } from "./model";
import { planInventory } from "./plan/inventory";
import { groupId, serverBoxes } from "./serverBoxes";

/** What a stack's plan consists of. */
export function topologyOf(config: StackConfig, plan: StackPlan, stack: string): Graph {
  const inventory = planInventory(config, plan, stack);
  const subtitle = subtitleOf(inventory);
  return { ...graphOf(inventory), title: `Stack ${stack}`, subtitle, notes: [], description: [] };
}

/** Members of one role in one zone share a box, so that any size is readable. */
export function graphOf(inventory: Inventory, changes?: Changes): Pick<Graph, "boxes" | "flows" | "bonds"> {
  const clusters = clusterBoxes(inventory, changes);
  const { external, services, sites } = inventory;
  return {
    boxes: [
      ...(external === undefined
        ? []
        : [{ ...box("external", "external", external, ["external network"]), change: unchanged(changes) }]),
      ...(services === undefined ? [] : [servicesBox(services, changes)]),
      ...clusters.templates,
      ...networkBoxes(inventory, clusters, changes),
      ...sites.map((site) => thingBox(site, "site", changes)),
    ],
    flows: [...routeFlows(inventory), ...serviceFlows(inventory, changes), ...clusters.flows],
    bonds: bondsOf(inventory),
  };
}

/** The numbers of a stack. */
export function subtitleOf({ facts, zones, servers, clusters }: Inventory): string {
  const ofRole = (role: Role) => servers.filter((server) => server.role === role).length;
  const counts: [number, string][] = [
    [zones.length, "zone"],
    [ofRole("brokers"), "broker"],
    [ofRole("routers"), "router"],
    [ofRole("edges"), "edge router"],
    [clusters.length, "cluster"],
    [clusters.flatMap(({ pools }) => pools).reduce((sum, pool) => sum + (pool.count ?? 0), 0), "cluster node"],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, what]) => counted(count, what));
  return [...facts, ...parts].join("  ·  ");
}

const unchanged = (changes: Changes | undefined) => changes && { counts: {}, single: true };

function servicesBox(services: NonNullable<Inventory["services"]>, changes: Changes | undefined): Box {
  return {
    ...thingBox(services, "services", changes),
    id: "services",
    ports: ["services:rpc", "services:notifications"],
  };
}

/** The network with what stands on it; without one, what would stand on it stands alone. */
function networkBoxes(inventory: Inventory, clusters: ClusterBoxes, changes: Changes | undefined): Box[] {
  const { network, gateway, zones } = inventory;
  const known = new Set(zones.map(({ zone }) => zone));
  const strays = [...new Set(inventory.servers.map(({ zone }) => zone))].filter(
    (zone) => zone === undefined || !known.has(zone),
  );
  const children = [
    ...(gateway === undefined ? [] : [{ ...thingBox(gateway, "gateway", changes), id: "gateway" }]),
    ...zones.map((zone): Box => {
      const servers = serverBoxes(inventory, zone.zone, changes);
      const tooltip = [...(zone.tooltip ?? []), ...reasonsOf(changes, zone.key)];
      return {
        ...box(zone.key, "zone", zone.title, zone.lines, servers),
        tooltip,
        change: changeOf(changes, zone.key),
      };
    }),
    ...strays.flatMap((zone) => serverBoxes(inventory, zone, changes)),
    ...clusters.inside,
  ];
  if (network === undefined) return [...children, ...clusters.outside];
  return [{ ...thingBox(network, "network", changes), id: "network", children }, ...clusters.outside];
}

function routeFlows({ external, network, gateway }: Inventory): Flow[] {
  if (external === undefined || network === undefined) return [];
  const to = gateway === undefined ? "network" : "gateway";
  return [{ id: "route", kind: "route", from: "external", to, tooltip: "routed to the outside" }];
}

/** RPC goes to edge routers, else to the other routers, else to the brokers; notifications always go to the brokers. */
function serviceFlows({ services, servers }: Inventory, changes: Changes | undefined): Flow[] {
  if (services === undefined) return [];
  const has = (role: Role) => servers.some((server) => server.role === role);
  const rpc = (["edges", "routers"] as const).find(has) ?? "brokers";
  const isGone = ({ key }: Server) => changes?.get(key)?.operation === "delete";
  const flows = (kind: "rpc" | "notifications", role: Role): Flow[] =>
    [
      ...Map.groupBy(
        servers.filter((server) => server.role === role),
        ({ zone }) => zone,
      ),
    ].map(([zone, members]) => ({
      id: `${kind}-${zone ?? ""}`,
      kind,
      from: `services:${kind}`,
      to: groupId(role, zone),
      tooltip: `${kind === "rpc" ? "RPC" : "notifications"} to the ${role} of ${zone ?? "the network"}`,
      gone: members.every(isGone),
    }));
  return [...flows("rpc", rpc), ...flows("notifications", "brokers")];
}

/** Links between zones and to other sites; those inside a zone are said in its box. */
function bondsOf({ links, network, sites, servers }: Inventory): Bond[] {
  const drawn = new Set(servers.map(({ role, zone }) => groupId(role, zone)));
  const known = new Set(sites.map(({ key }) => key));
  return links
    .map(({ id, kind, role, zones, site, count, lines }): Bond => {
      const to = site !== undefined && known.has(`site-${site}`) ? `site-${site}` : undefined;
      const ends = zones.map((zone) => groupId(role, zone)).filter((end) => drawn.has(end));
      return { id, kind, ends, to, within: network === undefined ? undefined : "network", count, lines };
    })
    .filter(({ ends, to }) => ends.length + (to === undefined ? 0 : 1) > 1);
}
