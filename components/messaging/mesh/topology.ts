import { UserError } from "../../errors";
import { chooser } from "./choose";

/** Router implementations. skupper-router is the default; qpid-dispatch ended with 1.19.0 (March 2022). */
export const ROUTER_IMPLEMENTATIONS = ["skupper-router", "qpid-dispatch"] as const;
export type RouterImplementation = (typeof ROUTER_IMPLEMENTATIONS)[number];

/** Interior routers of one site that are planned: a site's block of addresses. */
export const MAX_SITE_INTERIOR = 64;
/** Interior routers of all sites: both implementations keep them in a mask of 128 bits. Edges are not counted. */
export const MAX_INTERIOR = 128;
/** Edge routers of all groups; they stand outside of routing, so that only their uplinks' routers know them. */
export const MAX_EDGES = 10_000;
/** Up to this many interior routers of a site all link to each other; beyond, these first ones are the core. */
export const FULL_MESH = 8;
/** Largest connectivity: the core has twice as many members. */
export const MAX_CONNECTIVITY = 4;

/** Link costs by distance: traffic stays in a zone, then in a site, while it can. */
export const LINK_COST = { sameZone: 1, otherZone: 10, otherSite: 100 } as const;

export interface SiteRequest {
  name: string;
  /** Availability zones, in the order in which members are dealt out. */
  zones: readonly string[];
  /** Interior routers of the site. */
  interior: number;
}

export interface EdgeGroupRequest {
  /** The rack or service that the group's edges stand for. */
  name: string;
  site: string;
  count: number;
  /** Availability zone of all of them, such as a rack's. Default: the site's zones in turn. */
  zone?: string;
}

export interface TopologyRequest {
  implementation: RouterImplementation;
  sites: readonly SiteRequest[];
  edges: readonly EdgeGroupRequest[];
  /** k: every router stays reachable when any k − 1 others fail. */
  connectivity: number;
}

export interface InteriorNode {
  /** Position in `Topology.interior`. */
  at: number;
  site: string;
  /** Position in its site, from 0. */
  index: number;
  zone: string;
  /** Routers that this one opens links to; always ones that were there before it. */
  links: { at: number; cost: number }[];
}

export interface EdgeNode {
  group: string;
  site: string;
  /** Position in its group, from 0. */
  index: number;
  zone: string;
  /** Interior routers that it connects to: the first is active, the others stand by. */
  uplinks: number[];
}

export interface Topology {
  interior: InteriorNode[];
  edges: EdgeNode[];
  /** k − 1 failures leave every other router reachable; less than asked for where edges have fewer routers to lean on. */
  connectivity: number;
  /** The most links between any two routers, also after k − 1 failures. */
  maxHops: number;
}

/**
 * Plans who links to whom. Routers only link to earlier ones, so that a new router changes none that is there.
 *
 * A site of up to 8 interior routers is a full mesh. In a larger one the first 8 are the core, and each further router
 * links to k of them in different zones: adding a vertex with k neighbours keeps a graph k-connected, and links grow
 * with the number of routers instead of its square. Sites are joined by k links between different routers.
 */
export function planTopology(request: TopologyRequest): Topology {
  checkTopology(request);
  const interior: InteriorNode[] = [];
  const sites = new Map<string, InteriorNode[]>();
  for (const site of request.sites) {
    const nodes = planSite(site, request, interior.length);
    interior.push(...nodes);
    for (const earlier of sites.values()) joinSites(earlier, nodes, request);
    sites.set(site.name, nodes);
  }
  return {
    interior,
    edges: request.edges.flatMap((group) => planEdges(group, sites, request)),
    connectivity: Math.min(request.connectivity, ...request.edges.map((group) => sites.get(group.site)?.length ?? 1)),
    maxHops: maxHops(request),
  };
}

function planSite(site: SiteRequest, request: TopologyRequest, base: number): InteriorNode[] {
  const nodes: InteriorNode[] = Array.from({ length: site.interior }, (_, index) => ({
    at: base + index,
    site: site.name,
    index,
    zone: site.zones[index % site.zones.length] ?? "",
    links: [],
  }));
  const choose = chooser(nodes.slice(0, FULL_MESH));
  for (const node of nodes) {
    const peers = isTree(request)
      ? nodes.slice(0, Math.min(1, node.index))
      : node.index < FULL_MESH
        ? nodes.slice(0, node.index)
        : choose({ name: `${site.name}/${node.index}`, zone: node.zone }, request.connectivity);
    node.links = peers.map((peer) => ({
      at: peer.at,
      cost: peer.zone === node.zone ? LINK_COST.sameZone : LINK_COST.otherZone,
    }));
  }
  return nodes;
}

/** qpid-dispatch 1.14 to 1.19 delivers a multicast once a path in a mesh with cycles; so its interior is a tree. */
function isTree(request: TopologyRequest): boolean {
  return request.implementation === "qpid-dispatch";
}

/** Links the first routers of two sites; where one has fewer than k, each of its routers links to k of the other's. */
function joinSites(earlier: InteriorNode[], later: InteriorNode[], request: TopologyRequest): void {
  const link = (from: InteriorNode | undefined, to: InteriorNode | undefined) =>
    from && to && from.links.push({ at: to.at, cost: LINK_COST.otherSite });
  if (isTree(request)) {
    if (earlier[0]?.at === 0) link(later[0], earlier[0]);
    return;
  }
  const k = request.connectivity;
  const pairs = earlier.length >= k && later.length >= k;
  for (const [index, from] of later.slice(0, k).entries()) {
    for (const to of pairs ? earlier.slice(index, index + 1) : earlier.slice(0, k)) link(from, to);
  }
}

function planEdges(
  group: EdgeGroupRequest,
  sites: ReadonlyMap<string, InteriorNode[]>,
  request: TopologyRequest,
): EdgeNode[] {
  const interior = sites.get(group.site) ?? [];
  const zones = request.sites.find((site) => site.name === group.site)?.zones ?? [];
  const choose = chooser(interior);
  const uplinks = Math.min(interior.length, Math.max(2, request.connectivity));
  return Array.from({ length: group.count }, (_, index) => {
    const zone = group.zone ?? zones[index % zones.length] ?? "";
    const chosen = choose({ name: `${group.name}/${index}`, zone }, uplinks);
    return { group: group.name, site: group.site, index, zone, uplinks: chosen.map((node) => node.at) };
  });
}

function maxHops(request: TopologyRequest): number {
  const withinSite = (site: SiteRequest) => {
    if (site.interior === 1) return 0;
    if (isTree(request)) return site.interior === 2 ? 1 : 2;
    return site.interior <= FULL_MESH ? 1 : 3;
  };
  const sizes = request.sites.map(withinSite).sort((a, b) => b - a);
  const [largest = 0, second = 0] = sizes;
  const between = isTree(request) && sizes.length > 2 ? 2 + Math.max(0, sizes[2] ?? 0) : 1;
  const interior = sizes.length === 1 ? largest : largest + between + second;
  return interior + (request.edges.length > 0 ? 2 : 0);
}

function checkTopology({ implementation, sites, edges, connectivity }: TopologyRequest): void {
  const findings: string[] = [];
  for (const site of sites) {
    if (!Number.isInteger(site.interior) || site.interior < 1 || site.interior > MAX_SITE_INTERIOR) {
      findings.push(`\`messaging.rpc.interior\` must be 1 to ${MAX_SITE_INTERIOR}, got ${site.interior}.`);
    }
  }
  const interior = sites.reduce((sum, site) => sum + site.interior, 0);
  if (interior > MAX_INTERIOR) {
    findings.push(
      `All sites together have ${interior} interior routers; the routers' limit is ${MAX_INTERIOR}. ` +
        "Take edge routers: they are not counted.",
    );
  }
  const count = edges.reduce((sum, group) => sum + group.count, 0);
  if (count > MAX_EDGES) findings.push(`\`messaging.rpc.edges\` must be ${MAX_EDGES} at most, got ${count}.`);
  if (!Number.isInteger(connectivity) || connectivity < 1 || connectivity > MAX_CONNECTIVITY) {
    findings.push(`\`messaging.rpc.connectivity\` must be 1 to ${MAX_CONNECTIVITY}, got ${connectivity}.`);
  }
  if (implementation === "qpid-dispatch" && connectivity > 1) {
    findings.push(
      `\`messaging.rpc.connectivity\` must be 1 for qpid-dispatch, got ${connectivity}: it delivers a fan-out more than once ` +
        'in a mesh with cycles (1.14 to 1.19). Take `implementation: "skupper-router"`, where this is mended.',
    );
  }
  if (findings.length > 0) throw UserError.all(findings);
}
