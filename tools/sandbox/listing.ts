import { z } from "zod";

import type { Service } from "../../components/cloud/catalog";
import type { CloudClient } from "../../components/cloud/client";
import { connectCloud } from "../workspace/cloud";
import type { Workspace } from "../workspace/workspace";

/** Everything that a project can have, by service: what is listed, where, and under which key of the answer. */
const LISTS: readonly (readonly [kind: string, service: Service, path: string, key: string])[] = [
  ["servers", "compute", "/servers/detail", "servers"],
  ["server groups", "compute", "/os-server-groups", "server_groups"],
  ["key pairs", "compute", "/os-keypairs", "keypairs"],
  ["networks", "network", "/networks", "networks"],
  ["subnets", "network", "/subnets", "subnets"],
  ["ports", "network", "/ports", "ports"],
  ["routers", "network", "/routers", "routers"],
  ["security groups", "network", "/security-groups", "security_groups"],
  ["security group rules", "network", "/security-group-rules", "security_group_rules"],
  ["floating IPs", "network", "/floatingips", "floatingips"],
  ["volumes", "volume", "/volumes", "volumes"],
  ["volume snapshots", "volume", "/snapshots", "snapshots"],
  ["images", "image", "/images", "images"],
  ["Heat stacks", "orchestration", "/stacks", "stacks"],
  ["cluster templates", "containerInfra", "/clustertemplates", "clustertemplates"],
  ["clusters", "containerInfra", "/clusters", "clusters"],
  ["load balancers", "loadBalancer", "/lbaas/loadbalancers", "loadbalancers"],
  ["secrets", "keyManager", "/secrets", "secrets"],
];

/** What a cloud has, by kind: sorted `name (id)`. */
export type Listing = Record<string, string[]>;

const itemSchema = z.looseObject({
  id: z.string().optional(),
  uuid: z.string().optional(),
  name: z.string().nullish(),
  stack_name: z.string().optional(),
  secret_ref: z.string().optional(),
  keypair: z.unknown().optional(),
});

const keyPairSchema = z.object({ name: z.string() });

/** Lists every service of a project, side by side. */
export async function listCloud(workspace: Workspace): Promise<Listing> {
  const client = await connectCloud(workspace);
  const entries = await Promise.all(LISTS.map(async ([kind, ...list]): Promise<[string, string[]]> => [kind, await items(client, ...list)]));
  return Object.fromEntries(entries);
}

async function items(client: CloudClient, service: Service, path: string, key: string): Promise<string[]> {
  if (!client.has(service)) return [];
  const answer = await client.get(service, path, z.looseObject({ [key]: z.array(itemSchema) }));
  return (answer[key] as z.output<typeof itemSchema>[]).map(label).sort();
}

function label(item: z.output<typeof itemSchema>): string {
  const name = item.name ?? item.stack_name ?? keyPairName(item.keypair) ?? "";
  return `${name} (${item.id ?? item.uuid ?? item.secret_ref ?? name})`;
}

/** Nova wraps a key pair into an object of that name; clusters have a field of the same name that is a text. */
function keyPairName(keypair: unknown): string | undefined {
  return keyPairSchema.safeParse(keypair).data?.name;
}

/** What is in one listing and not in the other: `servers: a (id)`. */
export function extra(listing: Listing, before: Listing): string[] {
  return Object.entries(listing).flatMap(([kind, all]) =>
    all.filter((item) => !(before[kind] ?? []).includes(item)).map((item) => `${kind}: ${item}`),
  );
}
