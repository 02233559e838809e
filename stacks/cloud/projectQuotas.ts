import { z } from "zod";

import type { CloudClient } from "../../components/cloud/client";
import type { QuotaName } from "../../components/tenancy/quotas";

/** A quota's limit (-1: none) and use. */
export interface Quota {
  limit: number;
  used: number;
}

/** Quotas by what they limit; one that the cloud does not tell is missing. */
export type Quotas = Partial<Record<QuotaName, Quota>>;

/** Answers of a service that does not tell: a policy forbids it, or the release is older than the question. */
const UNTOLD = [403, 404];

const absoluteSchema = z.object({ limits: z.object({ absolute: z.record(z.string(), z.number()) }) });

/** Names of Neutron's quotas. Source: Networking API, "Show quota details for a tenant". */
const NEUTRON = {
  networks: "network",
  subnets: "subnet",
  routers: "router",
  ports: "port",
  "floating IPs": "floatingip",
  "security groups": "security_group",
  "security group rules": "security_group_rule",
} as const;

/** Octavia's quotas: its name for each, and the collection that is counted. Source: Load Balancer API, "Show Project Quota". */
const OCTAVIA = {
  "load balancers": ["load_balancer", "loadbalancers"],
  listeners: ["listener", "listeners"],
  pools: ["pool", "pools"],
  "health monitors": ["health_monitor", "healthmonitors"],
} as const;

/** Reads every service's quotas of the project, side by side. */
export async function readQuotas(client: CloudClient): Promise<Quotas> {
  const all = await Promise.all([readNova(client), readCinder(client), readNeutron(client), readOctavia(client)]);
  return { ...Object.assign({}, ...all), ...(await readMagnum(client)) } as Quotas;
}

async function readNova(client: CloudClient): Promise<Quotas> {
  const { absolute } = (await client.get("compute", "/limits", absoluteSchema)).limits;
  return {
    instances: of(absolute, "maxTotalInstances", "totalInstancesUsed"),
    cores: of(absolute, "maxTotalCores", "totalCoresUsed"),
    "RAM (MiB)": of(absolute, "maxTotalRAMSize", "totalRAMUsed"),
    "server groups": of(absolute, "maxServerGroups", "totalServerGroupsUsed"),
  };
}

async function readCinder(client: CloudClient): Promise<Quotas> {
  if (!client.has("volume")) return {};
  const { absolute } = (await client.get("volume", "/limits", absoluteSchema)).limits;
  return {
    volumes: of(absolute, "maxTotalVolumes", "totalVolumesUsed"),
    "volume GiB": of(absolute, "maxTotalVolumeGigabytes", "totalGigabytesUsed"),
  };
}

function of(limits: Readonly<Record<string, number>>, max: string, use: string): Quota {
  return { limit: limits[max] ?? -1, used: limits[use] ?? 0 };
}

/** Neutron's extension `quota_details` depends on the driver, so that a cloud may lack it. */
async function readNeutron(client: CloudClient): Promise<Quotas> {
  const detail = z.object({ limit: z.number(), used: z.number() });
  const shape = z.object({ quota: z.record(z.string(), detail) });
  const quota = (await client.find("network", `/quotas/${client.projectId}/details.json`, shape, UNTOLD))?.quota ?? {};
  return known(Object.entries(NEUTRON).map(([name, key]) => [name, quota[key]]));
}

/** Octavia tells limits and no use: what is there is counted. */
async function readOctavia(client: CloudClient): Promise<Quotas> {
  if (!client.has("loadBalancer")) return {};
  const shape = z.object({ quota: z.record(z.string(), z.number().nullable()) });
  const limits = (await client.find("loadBalancer", `/lbaas/quotas/${client.projectId}`, shape, UNTOLD))?.quota;
  if (limits === undefined) return {};
  const entries = Object.entries(OCTAVIA).map(async ([name, [key, collection]]): Promise<[string, Quota]> => {
    const items = z.looseObject({ [collection]: z.array(z.object({ id: z.string() })) });
    const path = `/lbaas/${collection}?fields=id&project_id=${client.projectId}`;
    const answer = await client.get("loadBalancer", path, items);
    return [name, { limit: limits[key] ?? -1, used: (answer[collection] as unknown[]).length }];
  });
  return known([
    ...(await Promise.all(entries)),
    ["pool members", { limit: limits["member"] ?? -1, used: await countMembers(client) }],
  ]);
}

async function countMembers(client: CloudClient): Promise<number> {
  const shape = z.object({ pools: z.array(z.object({ members: z.array(z.unknown()) })) });
  const path = `/lbaas/pools?fields=members&project_id=${client.projectId}`;
  const { pools } = await client.get("loadBalancer", path, shape);
  return pools.reduce((sum, { members }) => sum + members.length, 0);
}

/** Magnum's only quota; without one of the project's own the answer is the service's default. */
async function readMagnum(client: CloudClient): Promise<Quotas> {
  if (!client.has("containerInfra")) return {};
  const shape = z.object({ hard_limit: z.number() });
  const quota = await client.find("containerInfra", `/quotas/${client.projectId}/Cluster`, shape, UNTOLD);
  if (quota === undefined) return {};
  const { clusters } = await client.get("containerInfra", "/clusters", z.object({ clusters: z.array(z.unknown()) }));
  return { clusters: { limit: quota.hard_limit, used: clusters.length } };
}

function known(entries: readonly (readonly [string, Quota | undefined])[]): Quotas {
  return Object.fromEntries(entries.filter(([, quota]) => quota !== undefined));
}
