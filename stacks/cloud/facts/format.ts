import { z } from "zod";

import { UserError } from "../../../components/errors";
import { schemaFindings } from "../../../components/schemaFindings";
import { QUOTAS } from "../../../components/tenancy/quotas";
import { ASKED_SERVICES, INVENTORY_ITEMS, type Inventory } from "../inventory";
import type { MagnumState } from "../magnumClusters";

/** Raised when a file of before is not understood any more. */
export const FORMAT = 1;

const names = z.array(z.string());
const existingCluster = z.strictObject({
  name: z.string(),
  templateName: z.string(),
  status: z.string(),
  masters: z.number().optional(),
  keyPair: z.string().optional(),
  flavor: z.string().optional(),
  masterFlavor: z.string().optional(),
  floatingIps: z.boolean().optional(),
  dockerVolumeSize: z.number().optional(),
  fixedNetwork: z.string().optional(),
  fixedSubnet: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  ownLabels: names,
  /** Labels whose values are not recorded. */
  withheld: names,
});

const inventorySchema = z.strictObject({
  flavors: z.array(INVENTORY_ITEMS.flavor.strict()),
  images: z.array(INVENTORY_ITEMS.image.strict()),
  networks: z.array(INVENTORY_ITEMS.network.strict()),
  subnets: z.array(INVENTORY_ITEMS.subnet.strict()),
  zones: names,
  keyPairs: names,
  servers: z.array(INVENTORY_ITEMS.server.omit({ id: true }).strict()),
  volumes: z.array(INVENTORY_ITEMS.volume.strict()),
  clusters: z.array(INVENTORY_ITEMS.cluster.strict()),
  ports: names,
  securityGroups: names,
  serverGroups: names,
  missingServices: z.array(z.enum(ASKED_SERVICES)),
  quotas: z.partialRecord(z.enum(QUOTAS), z.strictObject({ limit: z.number(), used: z.number() })),
});

const factsSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** The stack that they were recorded for. */
  stack: z.string().min(1),
  /** The first day on which the cloud was found like this, in UTC. */
  recorded: z.iso.date("a day such as 2026-11-29"),
  /** Entry of clouds.yaml and region, as far as the stack's configuration says them. */
  cloud: z.strictObject({ name: z.string().optional(), region: z.string().optional() }),
  inventory: inventorySchema,
  magnum: z.strictObject({ clusters: z.array(existingCluster), templatesInUse: names }),
});

/** Read first, since a file of another format has another shape. */
const formatShape = z.object({ format: z.unknown() });

/** What a cloud was found to have, as far as previews of one stack depend on it. */
export type CloudFacts = z.output<typeof factsSchema>;

type Labels = Readonly<Record<string, string>>;

/** The recorded part of an inventory. */
export type RecordedInventory = CloudFacts["inventory"];

/** The inventory as the check reads it; who recorded it says nothing of who deploys, so nobody is logged in. */
export function inventoryOf({ inventory }: CloudFacts): Inventory {
  return { ...inventory, servers: inventory.servers.map((server) => ({ ...server, id: "" })) };
}

/** @param planned Labels by the clusters' names: a value that was not recorded is taken for the planned one. */
export function magnumOf({ magnum }: CloudFacts, planned: ReadonlyMap<string, Labels>): MagnumState {
  const clusters = magnum.clusters.map(({ withheld, ...cluster }) => {
    const values = withheld.map((label) => [label, planned.get(cluster.name)?.[label] ?? ""] as const);
    return [cluster.name, { ...cluster, labels: { ...cluster.labels, ...Object.fromEntries(values) } }] as const;
  });
  return { ...magnum, clusters: new Map(clusters) };
}

/** The text of a file of facts: the same facts give the same bytes, whatever order the cloud told them in. */
export function formatFacts(facts: CloudFacts): string {
  return `${JSON.stringify(ordered(factsSchema.parse(facts)), undefined, 2)}\n`;
}

/**
 * Reads a file of facts.
 * @throws UserError with every mistake: its path, what was given, what is allowed.
 */
export function parseFacts(text: string, file: string): CloudFacts {
  const again = `Record it again: \`make record STACK=<stack>\`.`;
  const document = jsonOf(text);
  if (document === undefined) throw new UserError(`${file} is no JSON. ${again}`);
  const format = formatShape.safeParse(document).data?.format;
  if (format !== FORMAT)
    throw new UserError(`${file}: \`format\` must be ${FORMAT}, got ${JSON.stringify(format) ?? "nothing"}. ${again}`);
  const { data, error } = factsSchema.safeParse(document);
  if (data !== undefined) return data;
  const findings = schemaFindings(factsSchema, document, error?.issues ?? []);
  throw UserError.all(findings.map((found) => `${file}: ${found.text}. ${again}`));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Lists by their text, keys by their names; the file's own fields stay as the schema has them. */
function ordered(facts: CloudFacts): unknown {
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, sorted(value)]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => [sortKey(item), sorted(item)] as const);
    return items.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}

/** By name where there is one, then by everything else. */
function sortKey(item: unknown): string {
  const name = (item as { name?: unknown } | null)?.name;
  return `${typeof name === "string" ? name : ""}\0${JSON.stringify(sorted(item))}`;
}
