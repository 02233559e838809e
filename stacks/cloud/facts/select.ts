import type { Scrub } from "../../../components/cloud/scrub";
import { ownerTag } from "../../../components/names";
import type { Inventory } from "../inventory";
import type { MagnumState } from "../magnumClusters";
import type { CloudNeeds } from "../needs";
import type { CloudFacts, RecordedInventory } from "./format";

/** What is recorded, and for whom. */
export interface Recording {
  needs: CloudNeeds;
  /** Who owns the stack's resources: `project/stack`. */
  owner: string;
  /** Begins every name in the cloud. */
  prefix: string;
  inventory: Inventory;
  magnum: MagnumState;
}

/** Keys of metadata and tags that this program writes; others are their writers' own. */
const OWN_KEY = /^fabric-/;

/** Labels of clusters that let somebody in, such as `grafana_admin_passwd`. */
const SECRET_LABEL = /passw|secret|token|credential|private_key/i;

/**
 * What of a cloud previews of a stack depend on. Of what everybody sees (public flavors and images, external and shared
 * networks) all is recorded, so that another choice can be checked; of what the project alone sees only what the stack's
 * configuration names, or has made.
 */
export function selectFacts(recording: Recording): Pick<CloudFacts, "inventory" | "magnum"> {
  return { inventory: { ...offers(recording), ...taken(recording) }, magnum: magnum(recording) };
}

/** Every name that the stack's configuration and plan say; they are no secrets of the cloud's. */
export function namesIn(needs: CloudNeeds): Set<string> {
  const named = [needs.flavors, needs.images, needs.externalNetworks, needs.networks, needs.subnets, needs.zones];
  return new Set([
    ...[...named, needs.keyPairs].flatMap((names) => [...names.keys()]),
    ...[...needs.servers, ...needs.volumes, ...needs.securityGroups, ...needs.clusters].map(({ name }) => name),
    ...needs.subnetNames,
    ...needs.serverGroups,
    ...(needs.networkName === undefined ? [] : [needs.networkName]),
  ]);
}

function offers({ needs, owner, inventory }: Recording) {
  const isWanted = (names: ReadonlyMap<string, string>) => (item: { id: string; name: string | null }) =>
    names.has(item.id) || (item.name !== null && names.has(item.name));
  const [flavor, image, subnet] = [isWanted(needs.flavors), isWanted(needs.images), isWanted(needs.subnets)];
  const network = isWanted(new Map([...needs.externalNetworks, ...needs.networks]));
  const tag = ownerTag(owner);
  return {
    flavors: inventory.flavors.filter((one) => one["os-flavor-access:is_public"] === true || flavor(one)),
    images: inventory.images.filter((one) => image(one) || (one.name !== null && one.visibility === "public")),
    networks: inventory.networks
      .filter((one) => isOpen(one) || network(one) || one.name === needs.networkName)
      .map((one) => ({ ...one, tags: one.tags.filter((each) => each === tag) })),
    subnets: inventory.subnets.filter((one) => subnet(one) || needs.subnetNames.includes(one.name)),
    zones: inventory.zones,
    keyPairs: inventory.keyPairs.filter((name) => needs.keyPairs.has(name)),
    missingServices: inventory.missingServices as RecordedInventory["missingServices"],
    quotas: inventory.quotas,
  };
}

function isOpen(network: Inventory["networks"][number]): boolean {
  return network["router:external"] || network.shared === true;
}

function taken({ needs, owner, inventory }: Recording) {
  const planned = (items: readonly { name: string }[], names = items.map(({ name }) => name)) => {
    const wanted = new Set(names);
    return (name: string | null): boolean => name !== null && wanted.has(name);
  };
  const server = planned(needs.servers);
  const volume = planned(needs.volumes);
  const isOwn = ({ metadata }: { metadata: Record<string, string> }) => metadata["fabric-stack"] === owner;
  const ownMetadata = <T extends { metadata: Record<string, string> }>(item: T): T => ({
    ...item,
    metadata: isOwn(item) ? keep(item.metadata, (key) => OWN_KEY.test(key)) : {},
  });
  return {
    servers: inventory.servers
      .filter((one) => isOwn(one) || server(one.name))
      .map(({ name, metadata }) => ownMetadata({ name, metadata })),
    volumes: inventory.volumes.filter((one) => isOwn(one) || volume(one.name)).map(ownMetadata),
    clusters: inventory.clusters.filter(({ name }) => planned(needs.clusters)(name)),
    ports: inventory.ports.filter(server),
    securityGroups: inventory.securityGroups.filter(planned(needs.securityGroups)),
    serverGroups: inventory.serverGroups.filter((name) => needs.serverGroups.includes(name)),
  };
}

function magnum({ magnum: found, prefix }: Recording): CloudFacts["magnum"] {
  const clusters = [...found.clusters.values()].map(({ deployed, ...cluster }) => ({
    ...cluster,
    labels: keep(cluster.labels, (label) => !SECRET_LABEL.test(label)),
    ownLabels: [...cluster.ownLabels],
    withheld: Object.keys(cluster.labels).filter((label) => SECRET_LABEL.test(label)),
  }));
  const inUse = new Set(found.templatesInUse.filter((name) => name.startsWith(`${prefix}-`)));
  return { clusters, templatesInUse: [...inUse] };
}

function keep(record: Readonly<Record<string, string>>, wanted: (key: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => wanted(key)));
}

/** Applies a scrub to every text, however deep. */
export function scrubAll<T>(value: T, scrub: Scrub): T {
  if (typeof value === "string") return scrub(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => scrubAll(item, scrub)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, scrubAll(inner, scrub)])) as T;
}
