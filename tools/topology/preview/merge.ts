import type { Cluster, Inventory, Link } from "../inventory";

/** The plan, and beside it what only the preview knows: what goes, and what the plan has no more. */
export function mergeInventories(plan: Inventory, preview: Inventory): Inventory {
  const hosted = new Set(plan.elsewhere.flatMap(({ workloads }) => workloads.map(({ key }) => key)));
  return {
    ...plan,
    network: plan.network ?? preview.network,
    gateway: plan.gateway ?? preview.gateway,
    zones: union(plan.zones, preview.zones),
    services: plan.services ?? preview.services,
    servers: union(plan.servers, preview.servers),
    links: linksOf(plan, preview),
    templates: union(plan.templates, preview.templates),
    clusters: union(
      plan.clusters.map((cluster) => withGone(cluster, preview)),
      preview.clusters,
    ),
    elsewhere: [
      ...plan.elsewhere,
      ...preview.elsewhere.filter(({ workloads }) => !workloads.every(({ key }) => hosted.has(key))),
    ],
  };
}

function union<T extends { key: string }>(first: readonly T[], second: readonly T[]): T[] {
  const known = new Set(first.map(({ key }) => key));
  return [...first, ...second.filter(({ key }) => !known.has(key))];
}

/** A cluster with node groups and workloads that are being removed from it. */
function withGone(cluster: Cluster, preview: Inventory): Cluster {
  const other = preview.clusters.find(({ key }) => key === cluster.key);
  if (other === undefined) return cluster;
  const known = new Set(cluster.pools.map(({ key }) => key));
  return {
    ...cluster,
    pools: [...cluster.pools, ...other.pools.filter(({ key }) => key !== undefined && !known.has(key))],
    workloads: union(cluster.workloads, other.workloads),
  };
}

/** The plan says what links there are; where it has no mesh or no brokers, the preview's go. */
function linksOf(plan: Inventory, preview: Inventory): Link[] {
  return plan.links.length > 0 || plan.servers.length > 0 ? plan.links : preview.links;
}

/** Keys of everything that is drawn. */
export function keysOf(inventory: Inventory): Set<string> {
  const { network, gateway, services, zones, servers, templates, clusters, elsewhere } = inventory;
  const single = [network, gateway, services].flatMap((thing) => thing?.key ?? []);
  const many = [...zones, ...servers, ...templates, ...clusters].map(({ key }) => key);
  const groups = clusters.flatMap(({ pools }) => pools.flatMap(({ key }) => key ?? []));
  const workloads = [...clusters, ...elsewhere].flatMap((host) => host.workloads.map(({ key }) => key));
  return new Set([...single, ...many, ...groups, ...workloads]);
}
