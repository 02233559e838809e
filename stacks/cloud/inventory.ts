import { z } from "zod";

import { type CloudClient, CloudError } from "../../components/cloud/client";

const flavor = z.object({
  id: z.string(),
  name: z.string(),
  vcpus: z.number(),
  ram: z.number(),
  disk: z.number().optional(),
});
const image = z.object({
  id: z.string(),
  name: z.string().nullable(),
  status: z.string(),
  os_distro: z.string().optional(),
});
const network = z.object({
  id: z.string(),
  name: z.string(),
  tags: z.array(z.string()).default([]),
  "router:external": z.boolean().default(false),
});
const subnet = z.object({ id: z.string(), name: z.string() });
const server = z.object({ id: z.string(), name: z.string(), metadata: z.record(z.string(), z.string()).default({}) });
const volume = z.object({ name: z.string().nullable(), metadata: z.record(z.string(), z.string()).default({}) });
const cluster = z.object({ name: z.string(), node_count: z.number().nullable(), master_count: z.number().nullable() });
const used = z.object({ limit: z.number(), used: z.number() });

/** What a cloud has, as far as a stack's needs are checked against it. */
export interface Inventory {
  flavors: z.output<typeof flavor>[];
  images: z.output<typeof image>[];
  networks: z.output<typeof network>[];
  subnets: z.output<typeof subnet>[];
  zones: string[];
  keyPairs: string[];
  servers: z.output<typeof server>[];
  volumes: z.output<typeof volume>[];
  clusters: z.output<typeof cluster>[];
  /** Quotas by what they limit: limit (-1: none) and use. */
  quotas: Record<string, { limit: number; used: number }>;
}

/** Reads everything that the check needs, side by side; of servers, those whose names begin with the stack's prefix. */
export async function readInventory(client: CloudClient, prefix: string): Promise<Inventory> {
  const list = async <T>(
    service: Parameters<CloudClient["get"]>[0],
    path: string,
    key: string,
    item: z.ZodType<T>,
  ): Promise<T[]> => {
    if (!client.has(service)) return [];
    const answer = await client.get(service, path, z.object({ [key]: z.array(item) }));
    return answer[key] as T[];
  };
  const [flavors, images, networks, subnets, zones, keyPairs, servers, volumes, clusters, quotas] = await Promise.all([
    list("compute", "/flavors/detail", "flavors", flavor),
    list("image", "/images?limit=1000", "images", image),
    list("network", "/networks", "networks", network),
    list("network", "/subnets?fields=id&fields=name", "subnets", subnet),
    list("compute", "/os-availability-zone", "availabilityZoneInfo", z.object({ zoneName: z.string() })),
    list("compute", "/os-keypairs", "keypairs", z.object({ keypair: z.object({ name: z.string() }) })),
    list("compute", `/servers/detail?name=${encodeURIComponent(`^${prefix}-`)}`, "servers", server),
    list("volume", "/volumes/detail", "volumes", volume),
    list("containerInfra", "/clusters", "clusters", cluster),
    readQuotas(client),
  ]);
  return {
    flavors,
    images,
    networks,
    subnets,
    zones: zones.map((zone) => zone.zoneName),
    keyPairs: keyPairs.map((entry) => entry.keypair.name),
    servers,
    volumes,
    clusters,
    quotas,
  };
}

async function readQuotas(client: CloudClient): Promise<Inventory["quotas"]> {
  const absolute = z.object({ limits: z.object({ absolute: z.record(z.string(), z.number()) }) });
  const [nova, cinder, neutron] = await Promise.all([
    client.get("compute", "/limits", absolute),
    client.has("volume") ? client.get("volume", "/limits", absolute) : undefined,
    readNeutronQuotas(client),
  ]);
  const of = (limits: Record<string, number> | undefined, max: string, use: string) => ({
    limit: limits?.[max] ?? -1,
    used: limits?.[use] ?? 0,
  });
  const n = nova.limits.absolute;
  const c = cinder?.limits.absolute;
  return {
    instances: of(n, "maxTotalInstances", "totalInstancesUsed"),
    cores: of(n, "maxTotalCores", "totalCoresUsed"),
    "RAM (MiB)": of(n, "maxTotalRAMSize", "totalRAMUsed"),
    volumes: of(c, "maxTotalVolumes", "totalVolumesUsed"),
    "volume GiB": of(c, "maxTotalVolumeGigabytes", "totalGigabytesUsed"),
    networks: neutron["network"] ?? { limit: -1, used: 0 },
    routers: neutron["router"] ?? { limit: -1, used: 0 },
    ports: neutron["port"] ?? { limit: -1, used: 0 },
  };
}

/** Use and limits of Neutron's quotas; its extension `quota_details` depends on the driver, so that a cloud may lack it. */
async function readNeutronQuotas(client: CloudClient): Promise<Inventory["quotas"]> {
  try {
    const shape = z.object({ quota: z.record(z.string(), used) });
    return (await client.get("network", `/quotas/${client.projectId}/details.json`, shape)).quota;
  } catch (error) {
    if (error instanceof CloudError && error.status === 404) return {};
    throw error;
  }
}
