import { UserError } from "../../errors";
import { memberKey, resourceName } from "../../names";
import type { ZoneSubnet } from "../../network/attachment";
import { placeMembers, type Placement } from "../servers/placement";
import { type EdgeNode, type InteriorNode, planTopology, type RouterImplementation, type Topology } from "./topology";

/** Edge routers of one rack or service. */
export interface EdgeGroup {
  count: number;
  /** Availability zone of all of them. Default: the zones in turn. */
  zone?: string;
}

/** Another site of the mesh, which another stack deploys. */
export interface RemoteSite {
  /** Addresses of its first interior routers by host name; at least `connectivity` of them, or all it has. */
  gateways: Readonly<Record<string, string>>;
  /** Range that its routers connect from. */
  cidr: string;
}

export interface MeshRequest {
  /** Interior routers of this site, 1 to 64. */
  interior: number;
  /** Default `skupper-router`. */
  implementation?: RouterImplementation;
  /** k: every router stays reachable when any k − 1 interior routers fail. Default 2; 1 for qpid-dispatch. */
  connectivity?: number;
  /** Edge routers by rack or service. Default: none. */
  edges?: Readonly<Record<string, EdgeGroup>>;
  /** This site's name among `sites`. Default `local`. */
  site?: string;
  /** The other sites by name. Default: none. */
  sites?: Readonly<Record<string, RemoteSite>>;
}

export interface RouterLink {
  /** Key of the router that is connected to: of this site, or `<site>-<number>` of another. */
  to: string;
  hostName: string;
  address: string;
  cost: number;
}

export interface RouterPlan extends Placement {
  mode: "interior";
  /** Routers that this one opens connections to: ones that were there before it. */
  links: RouterLink[];
}

/** An edge router. Nobody connects to it by a planned address; its port keeps the one that Neutron chose. */
export interface EdgePlan extends Omit<Placement, "address"> {
  mode: "edge";
  group: string;
  /** Interior routers that it connects to: the first is active, the others stand by. */
  links: RouterLink[];
}

export interface MeshPlan {
  implementation: RouterImplementation;
  routers: RouterPlan[];
  edges: EdgePlan[];
  connectivity: number;
  /** The most links between any two routers of all sites. */
  maxHops: number;
  /** Other sites whose routers connect to this one's. */
  callers: { site: string; cidr: string }[];
}

/** Plans this site's part of the mesh over its zones. */
export function planMesh(
  prefix: string,
  request: MeshRequest,
  zones: readonly Pick<ZoneSubnet, "zone" | "cidr">[],
): MeshPlan {
  const { site = "local", sites = {}, implementation = "skupper-router" } = request;
  checkRequest(request, site, zones);
  const topology = planTopology({
    implementation,
    connectivity: request.connectivity ?? (implementation === "qpid-dispatch" ? 1 : 2),
    // By name, so that every site's stack plans the same order: the later site opens the links to the earlier.
    sites: [site, ...Object.keys(sites)].sort().map((name) => ({
      name,
      zones: name === site ? zones.map((zone) => zone.zone) : [name],
      interior: name === site ? request.interior : Object.keys(sites[name]?.gateways ?? {}).length,
    })),
    edges: Object.entries(request.edges ?? {}).map(([name, group]) => ({ name, site, ...group })),
  });
  const places = placeMembers(prefix, "router", request.interior, zones);
  const link = linker(topology, site, places, sites);
  return {
    implementation,
    routers: topology.interior
      .filter((node) => node.site === site)
      .map((node) => ({
        ...placeOf(places, node),
        mode: "interior",
        links: node.links.map((l) => link(l.at, l.cost)),
      })),
    edges: topology.edges.map((edge) => planEdge(prefix, edge, link)),
    connectivity: topology.connectivity,
    maxHops: topology.maxHops,
    callers: Object.entries(sites)
      .filter(([name]) => name > site)
      .map(([name, { cidr }]) => ({ site: name, cidr })),
  };
}

function planEdge(prefix: string, edge: EdgeNode, link: (at: number, cost: number) => RouterLink): EdgePlan {
  const key = resourceName(edge.group, memberKey(edge.index + 1));
  return {
    key,
    hostName: resourceName(prefix, "edge", key),
    zone: edge.zone,
    mode: "edge",
    group: edge.group,
    links: edge.uplinks.map((at) => link(at, 1)),
  };
}

function placeOf(places: readonly Placement[], node: InteriorNode): Placement {
  const place = places[node.index];
  if (place === undefined) throw new Error(`router ${node.index} is not placed`);
  return place;
}

function linker(
  topology: Topology,
  site: string,
  places: readonly Placement[],
  sites: Readonly<Record<string, RemoteSite>>,
): (at: number, cost: number) => RouterLink {
  return (at, cost) => {
    const node = topology.interior[at];
    if (node === undefined) throw new Error(`router ${at} is not planned`);
    if (node.site === site) {
      const { key, hostName, address } = placeOf(places, node);
      return { to: key, hostName, address, cost };
    }
    const gateways = Object.entries(sites[node.site]?.gateways ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    const [hostName = "", address = ""] = gateways[node.index] ?? [];
    return { to: resourceName(node.site, memberKey(node.index + 1)), hostName, address, cost };
  };
}

function checkRequest(request: MeshRequest, site: string, zones: readonly { zone: string }[]): void {
  const findings: string[] = [];
  const known = zones.map((zone) => zone.zone);
  if (site in (request.sites ?? {})) {
    findings.push(
      `\`messaging.rpc.sites.${site}\` is this site itself (\`messaging.rpc.site\`); list the others only.`,
    );
  }
  for (const [name, remote] of Object.entries(request.sites ?? {})) {
    if (Object.keys(remote.gateways).length > 0) continue;
    findings.push(`\`messaging.rpc.sites.${name}.gateways\` is empty; give the site's first interior routers.`);
  }
  for (const [name, group] of Object.entries(request.edges ?? {})) {
    if (group.zone === undefined || known.includes(group.zone)) continue;
    findings.push(
      `\`messaging.rpc.edges.${name}.zone\` must be one of the network's zones (${known.join(", ")}), got "${group.zone}".`,
    );
  }
  if (findings.length > 0) throw UserError.all(findings);
}
