import { clusterNeeds } from "../../components/clusters/clusterNeeds";
import { type Amounts, missingOf, QUOTAS, type QuotaName, sumOf } from "../../components/tenancy/quotas";
import type { Inventory } from "./inventory";
import type { CloudNeeds } from "./needs";

/** One line of the comparison of a stack with its project's quotas. */
export interface BalanceRow {
  what: QuotaName;
  /** What is still to be created; what the stack has already does not count. */
  need: number;
  /** Limit and use; without them the cloud does not tell, and the line is not checked. */
  limit?: number;
  used?: number;
  /** What is left of the quota; nothing where it has no limit. */
  have?: number;
  shortBy: number;
}

/** A router's gateway and floating IPs count in their own quota; DHCP, or OVN's metadata agent, has a port in each network. */
const PORTS_OF_NETWORK = 1;

/** Compares what is still to be created with what is left of each quota; every quota has its line. */
export function balanceOf(needs: CloudNeeds, cloud: Inventory): BalanceRow[] {
  const demand = demandOf(needs, cloud);
  return QUOTAS.map((what) => {
    const quota = cloud.quotas[what];
    const need = demand[what];
    if (quota === undefined) return { what, need, shortBy: 0 };
    const have = quota.limit < 0 ? undefined : Math.max(0, quota.limit - quota.used);
    return { what, need, ...quota, have, shortBy: have === undefined ? 0 : Math.max(0, need - have) };
  });
}

/** What is still to be created, by quota. */
export function demandOf(needs: CloudNeeds, cloud: Inventory): Record<QuotaName, number> {
  return sumOf([
    ...serversOf(needs, cloud),
    networkOf(needs, cloud),
    ...needs.volumes
      .filter(({ name }) => !cloud.volumes.some((volume) => volume.name === name))
      .map(({ size }) => ({ volumes: 1, "volume GiB": size })),
    ...needs.securityGroups
      .filter(({ name }) => !cloud.securityGroups.includes(name))
      .map(({ rules }) => ({ "security groups": 1, "security group rules": rules })),
    { "server groups": needs.serverGroups.filter((name) => !cloud.serverGroups.includes(name)).length },
    ...needs.clusters.map((cluster) => clusterOf(cluster, cloud)),
  ]);
}

function serversOf(needs: CloudNeeds, cloud: Inventory): Amounts[] {
  const isNew = (name: string, there: readonly string[]) => (there.includes(name) ? 0 : 1);
  const servers = cloud.servers.map(({ name }) => name);
  return needs.servers.flatMap(({ name, flavor }) => [
    { ports: isNew(name, cloud.ports) },
    isNew(name, servers) === 1 ? { instances: 1, ...flavorAmounts([flavor], cloud) } : {},
  ]);
}

function networkOf({ networkName, subnetNames }: CloudNeeds, cloud: Inventory): Amounts {
  if (networkName === undefined) return {};
  const isThere = cloud.networks.some((network) => network.name === networkName);
  const subnets = subnetNames.filter((name) => !isThere || !cloud.subnets.some((subnet) => subnet.name === name));
  return {
    networks: isThere ? 0 : 1,
    routers: isThere ? 0 : 1,
    subnets: subnets.length,
    ports: subnets.length + (isThere ? 0 : PORTS_OF_NETWORK),
  };
}

/** A cluster that is there has everything but the nodes that it grows by. */
function clusterOf(cluster: CloudNeeds["clusters"][number], cloud: Inventory): Amounts {
  const wanted = clusterNeeds(cluster);
  const all = { ...wanted.amounts, ...flavorAmounts(wanted.flavors, cloud) };
  const found = cloud.clusters.find(({ name }) => name === cluster.name);
  if (found === undefined) return all;
  const [masters, nodes] = [found.master_count ?? 0, found.node_count ?? 0];
  const groups = (cluster.nodeGroups ?? []).map((group) => ({ ...group, nodes: 0 }));
  const there = clusterNeeds({ ...cluster, masters, nodes, nodeGroups: groups });
  const workers = wanted.flavors.slice(cluster.masters, cluster.masters + nodes);
  const flavors = [...Array<string>(masters).fill(cluster.masterFlavor), ...workers];
  return missingOf(all, { ...there.amounts, ...flavorAmounts(flavors, cloud) });
}

function flavorAmounts(names: readonly string[], cloud: Inventory): Amounts {
  const flavors = new Map(cloud.flavors.map((flavor) => [flavor.name, flavor]));
  const sum = (of: "vcpus" | "ram") => names.reduce((total, name) => total + (flavors.get(name)?.[of] ?? 0), 0);
  return { cores: sum("vcpus"), "RAM (MiB)": sum("ram") };
}
