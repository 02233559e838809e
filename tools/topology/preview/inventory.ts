import ipaddr from "ipaddr.js";

import type { Inventory, Link, Role, Server, Thing, Zone } from "../inventory";
import { byText, listed, wrapped } from "../model";
import { clusterLink } from "../plan/links";
import { clustersIn, elsewhereIn } from "./clusters";
import { componentOf, pathOf } from "./owners";
import { inputsOf, numberIn, type Preview, type Step, textIn } from "./read";

/** What a preview alone says of its stack: what changes, with the names and numbers of the engine's states. */
export function previewInventory({ stack, steps }: Preview): Inventory {
  const ranges = rangesIn(steps);
  const servers = serversIn(steps).map((server) => placed(server, ranges));
  return {
    stack,
    facts: [],
    network: networkIn(steps, servers),
    gateway: routerIn(steps),
    zones: zonesIn(ranges, servers),
    services: servicesIn(steps),
    servers,
    software: "broker",
    links: linksIn(servers, steps),
    sites: [],
    templates: templatesIn(steps),
    clusters: clustersIn(steps),
    elsewhere: elsewhereIn(steps),
  };
}

/** Servers and containers, each from what the preview has of it: instance, port, volume. */
function serversIn(steps: readonly Step[]): Server[] {
  const byUrn = new Map(steps.map((step) => [step.urn, step]));
  const found = new Map<string, Server>();
  for (const step of steps) {
    const component = pathOf(step, byUrn).find(({ type }) => /Server$/.test(componentOf(type) ?? ""));
    const role = roleOf(step, component?.name);
    if (component === undefined || role === undefined) continue;
    const { name: key } = component;
    const known = found.get(key) ?? { key, hostName: key, facts: "", ...role };
    found.set(key, { ...known, ...partOf(step, known) });
  }
  return [...found.values()].sort((a, b) => byText(a.key, b.key));
}

function roleOf({ chain }: Step, name = ""): { role: Role; group?: string } | undefined {
  const within = (...names: string[]) => chain.some((type) => names.includes(componentOf(type) ?? ""));
  if (within("BrokerCluster", "LocalBrokers")) return { role: "brokers" };
  if (!within("RouterMesh", "LocalMesh")) return undefined;
  const group = /-edge-(.+)-\d+$/.exec(name)?.[1];
  return group === undefined ? { role: "routers" } : { role: "edges", group };
}

function partOf(step: Step, known: Server): Partial<Server> {
  const inputs = inputsOf(step);
  const hostName = textIn(inputs["name"]) ?? known.hostName;
  switch (step.type) {
    case "openstack:compute/instance:Instance":
      return {
        hostName,
        zone: textIn(inputs["availabilityZone"]),
        facts: joined(textIn(inputs["flavorName"]), known.facts),
      };
    case "openstack:networking/port:Port":
      return { hostName, address: textIn(first(inputs["fixedIps"])?.["ipAddress"]) };
    case "openstack:blockstorage/volume:Volume": {
      const size = numberIn(inputs["size"]);
      return size === undefined ? {} : { facts: joined(known.facts, `${size} GiB`) };
    }
    case "docker:index/container:Container":
      return { hostName, address: textIn(first(inputs["networksAdvanced"])?.["ipv4Address"]), facts: "container" };
    default:
      return {};
  }
}

function joined(...facts: (string | undefined)[]): string {
  return facts.filter((fact) => fact !== undefined && fact !== "").join(" · ");
}

function first(value: unknown): Record<string, unknown> | undefined {
  const [item] = Array.isArray(value) ? (value as unknown[]) : [];
  return typeof item === "object" && item !== null ? (item as Record<string, unknown>) : undefined;
}

/** The network, also where only what stands on it changes. */
function networkIn(steps: readonly Step[], servers: readonly Server[]): Thing | undefined {
  const step = steps.find(({ type }) => /^(openstack:networking|docker:index)\/network:Network$/.test(type));
  const name = step && textIn(inputsOf(step)["name"]);
  if (step === undefined && servers.length === 0) return undefined;
  return { key: "network-net", title: name ?? "Network", lines: name === undefined ? [] : ["network"] };
}

function routerIn(steps: readonly Step[]): Thing | undefined {
  const step = steps.find(({ type }) => type === "openstack:networking/router:Router");
  if (step === undefined) return undefined;
  const title = textIn(inputsOf(step)["name"]) ?? step.name;
  return { key: "network-router", title, lines: ["Neutron router of all zones"] };
}

/** The ranges of zones, by their subnets. */
function rangesIn(steps: readonly Step[]): Map<string, string[]> {
  const ranges = new Map<string, string[]>();
  for (const step of steps) {
    const zone = /^network-subnet-(.+?)(?:-v6)?$/.exec(step.name)?.[1];
    const range = textIn(inputsOf(step)["cidr"]);
    if (zone !== undefined && range !== undefined) ranges.set(zone, [...(ranges.get(zone) ?? []), range]);
  }
  return ranges;
}

/** A server of which only the port is in the preview stands where its address does. */
function placed(server: Server, ranges: ReadonlyMap<string, readonly string[]>): Server {
  const { zone, address } = server;
  if (zone !== undefined || address === undefined || !ipaddr.isValid(address)) return server;
  const parsed = ipaddr.process(address);
  const isWithin = (range: string) => {
    if (!ipaddr.isValidCIDR(range)) return false;
    const [network, prefix] = ipaddr.parseCIDR(range);
    return network.kind() === parsed.kind() && parsed.match(network, prefix);
  };
  return { ...server, zone: [...ranges].find(([, all]) => all.some(isWithin))?.[0] };
}

/** Zones of subnets and of servers. */
function zonesIn(ranges: ReadonlyMap<string, readonly string[]>, servers: readonly Server[]): Zone[] {
  const names = new Set([...ranges.keys(), ...servers.flatMap(({ zone }) => zone ?? [])]);
  return [...names].sort(byText).map((zone) => {
    // IPv4 first.
    const cidrs = [...(ranges.get(zone) ?? [])].sort((a, b) => Number(a.includes(":")) - Number(b.includes(":")));
    return { key: `zone-${zone}`, zone, title: `Zone ${zone}`, lines: cidrs.length === 0 ? [] : [cidrs.join("  ")] };
  });
}

/** Services by the passwords that are made for them. */
function servicesIn(steps: readonly Step[]): Thing | undefined {
  const names = steps
    .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
    .flatMap(({ name }) => /-user-(.+)$/.exec(name)?.[1] ?? [])
    .sort();
  if (names.length === 0) return undefined;
  return { key: "services", title: "Services (clients)", lines: wrapped(listed(names, 12), 32) };
}

/** Which links there are is in servers' user data, which no preview shows; that there is a mesh is known. */
function linksIn(servers: readonly Server[], steps: readonly Step[]): Link[] {
  const gone = new Set(steps.filter(({ operation }) => operation === "delete").map(({ name }) => name));
  const staying = (role: Role) => servers.filter((server) => server.role === role && !gone.has(server.key));
  const routers = staying("routers");
  const zones = [...new Set(routers.flatMap(({ zone }) => zone ?? []))];
  const lines = ["router mesh", `${routers.length} in this preview`];
  const mesh: Link = { id: "mesh", kind: "mesh", role: "routers", zones, count: routers.length, lines };
  const complete = steps.every(({ operation }) => operation === "create");
  return [...(zones.length > 1 ? [mesh] : []), ...(complete ? clusterLink(staying("brokers")) : [])];
}

function templatesIn(steps: readonly Step[]): Thing[] {
  return steps
    .filter(({ type }) => type === "openstack:containerinfra/clusterTemplate:ClusterTemplate")
    .map((step): Thing => {
      const { coe, image, networkDriver, volumeDriver, name } = inputsOf(step);
      const key = step.parent?.split("::").at(-1) ?? step.name;
      const drivers = [textIn(networkDriver), textIn(volumeDriver)].filter((driver) => driver !== undefined);
      const lines = [
        `${textIn(coe) ?? "cluster"} on ${textIn(image) ?? "an image"}`,
        ...(drivers.length > 0 ? [drivers.join(" · ")] : []),
      ];
      return {
        key,
        title: `Template ${key.replace(/^template-/, "")}`,
        lines,
        tooltip: [textIn(name) ?? "", ...lines],
      };
    })
    .filter(({ key }, index, all) => all.findIndex((other) => other.key === key) === index)
    .sort((a, b) => byText(a.key, b.key));
}
