import { z } from "zod";

import type { Service } from "../../components/cloud/catalog";
import type { CloudClient } from "../../components/cloud/client";
import { type Quotas, readQuotas } from "./projectQuotas";

const flavor = z.object({
  id: z.string(),
  name: z.string(),
  vcpus: z.number(),
  ram: z.number(),
  disk: z.number().optional(),
  "os-flavor-access:is_public": z.boolean().optional(),
});
const image = z.object({
  id: z.string(),
  name: z.string().nullable(),
  status: z.string(),
  visibility: z.string().optional(),
  os_distro: z.string().optional(),
  kube_version: z.string().optional(),
});
const network = z.object({
  id: z.string(),
  name: z.string(),
  tags: z.array(z.string()).default([]),
  "router:external": z.boolean().default(false),
  shared: z.boolean().optional(),
});
const subnet = z.object({ id: z.string(), name: z.string() });
const server = z.object({ id: z.string(), name: z.string(), metadata: z.record(z.string(), z.string()).default({}) });
const volume = z.object({ name: z.string().nullable(), metadata: z.record(z.string(), z.string()).default({}) });
const cluster = z.object({ name: z.string(), node_count: z.number().nullable(), master_count: z.number().nullable() });
const named = z.object({ name: z.string() });

/** Shapes of what a cloud has, as its services say it; a file of recorded facts has the same. */
export const INVENTORY_ITEMS = { flavor, image, network, subnet, server, volume, cluster } as const;

/** Services that a cloud may lack, and stacks may need. */
export const ASKED_SERVICES = ["containerInfra", "loadBalancer", "volume"] as const satisfies Service[];

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
  /** Names of ports that stacks' servers have. */
  ports: string[];
  securityGroups: string[];
  serverGroups: string[];
  /** Services that the catalogue lacks. */
  missingServices: Service[];
  /** The application credential that is logged in by, if it is one. */
  applicationCredential?: { name: string; restricted: boolean; managesTrusts: boolean };
  quotas: Quotas;
}

type List = <T>(service: Service, path: string, key: string, item: z.ZodType<T>) => Promise<T[]>;

/** Reads everything that the check needs, side by side; of servers, those whose names begin with the stack's prefix. */
export async function readInventory(client: CloudClient, prefix: string): Promise<Inventory> {
  const list: List = async <T>(service: Service, path: string, key: string, item: z.ZodType<T>) => {
    if (!client.has(service)) return [];
    const answer = await client.get(service, path, z.object({ [key]: z.array(item) }));
    return answer[key] as T[];
  };
  const [offers, taken, quotas, applicationCredential] = await Promise.all([
    readOffers(list),
    readTaken(list, prefix, client.projectId),
    readQuotas(client),
    readApplicationCredential(client),
  ]);
  return {
    ...offers,
    ...taken,
    missingServices: ASKED_SERVICES.filter((service) => !client.has(service)),
    applicationCredential,
    quotas,
  };
}

/** Only these have trusts refused to them. */
async function readApplicationCredential(client: CloudClient): Promise<Inventory["applicationCredential"]> {
  const { applicationCredential } = client;
  return applicationCredential && { ...applicationCredential, managesTrusts: await client.managesTrusts() };
}

/** What the cloud offers, and is asked for by name. */
async function readOffers(list: List) {
  const [flavors, images, zones, keyPairs] = await Promise.all([
    list("compute", "/flavors/detail", "flavors", flavor),
    list("image", "/images?limit=1000", "images", image),
    list("compute", "/os-availability-zone", "availabilityZoneInfo", z.object({ zoneName: z.string() })),
    list("compute", "/os-keypairs", "keypairs", z.object({ keypair: z.object({ name: z.string() }) })),
  ]);
  return {
    flavors,
    images,
    zones: zones.map((zone) => zone.zoneName),
    keyPairs: keyPairs.map((entry) => entry.keypair.name),
  };
}

/** What is there already, of the stack and beside it. */
async function readTaken(list: List, prefix: string, projectId: string) {
  const servers = `/servers/detail?name=${encodeURIComponent(`^${prefix}-`)}`;
  const own = `fields=name&project_id=${projectId}`;
  const [networks, subnets, ofPrefix, volumes, clusters, ports, securityGroups, serverGroups] = await Promise.all([
    list("network", "/networks", "networks", network),
    list("network", "/subnets?fields=id&fields=name", "subnets", subnet),
    list("compute", servers, "servers", server),
    list("volume", "/volumes/detail", "volumes", volume),
    list("containerInfra", "/clusters", "clusters", cluster),
    list("network", `/ports?${own}`, "ports", named),
    list("network", `/security-groups?${own}`, "security_groups", named),
    list("compute", "/os-server-groups", "server_groups", named),
  ]);
  return {
    ...{ networks, subnets, servers: ofPrefix, volumes, clusters },
    ports: namesOf(ports),
    securityGroups: namesOf(securityGroups),
    serverGroups: namesOf(serverGroups),
  };
}

function namesOf(items: readonly { name: string }[]): string[] {
  return items.map(({ name }) => name);
}
