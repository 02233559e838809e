import { closest } from "fastest-levenshtein";

import { UserError } from "../../components/errors";
import { BROKER_KEY, brokerChangeFindings, type DeployedBroker } from "../../components/messaging/brokers/change";
import { MEMBERS_KEY } from "../../components/messaging/brokers/rabbitmq/membership";
import { ownerTag } from "../../components/names";
import type { Inventory } from "./inventory";
import type { CloudNeeds } from "./needs";
import { templateFindings } from "./templates";

/** Compares needs with the cloud and refuses, with everything that is missing at once, before anything is created. */
export function checkNeeds(needs: CloudNeeds, cloud: Inventory, stack: string): void {
  const findings = [
    ...missing(
      "flavor",
      needs.flavors,
      cloud.flavors.map((f) => f.name),
    ),
    ...missing(
      "image",
      needs.images,
      cloud.images.flatMap((i) => [i.name ?? "", i.id]),
    ),
    ...missing(
      "external network",
      needs.externalNetworks,
      cloud.networks.filter((n) => n["router:external"]).flatMap((n) => [n.name, n.id]),
    ),
    ...missing(
      "network",
      needs.networks,
      cloud.networks.flatMap((n) => [n.name, n.id]),
    ),
    ...missing(
      "subnet",
      needs.subnets,
      cloud.subnets.flatMap((s) => [s.name, s.id]),
    ),
    ...missing("availability zone", needs.zones, cloud.zones),
    ...missing("key pair", needs.keyPairs, cloud.keyPairs),
    ...templateFindings(needs.templates ?? [], cloud),
    ...taken(needs, cloud, stack),
    ...(needs.brokers === undefined ? [] : brokerChangeFindings(deployedBrokers(cloud, stack), needs.brokers)),
  ];
  // Sums over flavors that do not exist would mislead.
  if (findings.length === 0) findings.push(...short(needs, cloud));
  if (findings.length > 0) throw UserError.all(findings);
}

/** The id of a network, subnet or image given by its name or id; the check has made sure that there is one. */
export function idOf(resources: readonly { id: string; name: string | null }[], nameOrId: string): string {
  return resources.find(({ id, name }) => name === nameOrId || id === nameOrId)?.id ?? nameOrId;
}

function missing(kind: string, wanted: ReadonlyMap<string, string>, have: readonly string[]): string[] {
  const known = [...new Set(have.filter((name) => name !== ""))].sort();
  return [...wanted]
    .filter(([name]) => !known.includes(name))
    .map(([name, setting]) => {
      const hint =
        known.length === 0
          ? `The project sees no ${kind}.`
          : `Did you mean "${closest(name, known)}"? There are: ${known.slice(0, 20).join(", ")}.`;
      return `\`${setting}\`: the cloud has no ${kind} "${name}". ${hint}`;
    });
}

/** Names that something else than this stack has already. */
function taken(needs: CloudNeeds, cloud: Inventory, stack: string): string[] {
  const tag = ownerTag(stack);
  const foreign = (metadata: Record<string, string>) => metadata["fabric-stack"] !== stack;
  const message = (kind: string, name: string) =>
    `A ${kind} named "${name}" is there already and is not of stack "${stack}". Remove it, or set another \`cloud.prefix\`.`;
  const names = new Set(needs.servers.map((server) => server.name));
  const volumes = new Set(needs.volumes.map((volume) => volume.name));
  return [
    ...cloud.networks
      .filter((n) => n.name === needs.networkName && !n.tags.includes(tag))
      .map((n) => message("network", n.name)),
    ...cloud.servers.filter((s) => names.has(s.name) && foreign(s.metadata)).map((s) => message("server", s.name)),
    ...cloud.volumes
      .filter((v) => volumes.has(v.name ?? "") && foreign(v.metadata))
      .map((v) => message("volume", v.name ?? "")),
  ];
}

/** The stack's own brokers that are there: the servers that say who is a member beside them. */
function deployedBrokers(cloud: Inventory, stack: string): DeployedBroker[] {
  return cloud.servers
    .filter(({ metadata }) => metadata["fabric-stack"] === stack && metadata[MEMBERS_KEY] !== undefined)
    .map(({ name, metadata }) => ({ hostName: name, broker: metadata[BROKER_KEY] }));
}

/** Quotas that do not reach for what is still to be created. */
function short(needs: CloudNeeds, cloud: Inventory): string[] {
  return Object.entries(additional(needs, cloud)).flatMap(([what, need]) => {
    const quota = cloud.quotas[what];
    if (quota === undefined || quota.limit < 0 || need === 0) return [];
    const left = quota.limit - quota.used;
    if (need <= left) return [];
    return [
      `Quota of ${what}: ${need} more needed, ${left} left (limit ${quota.limit}, used ${quota.used}), short by ${need - left}. Ask for a higher quota, or plan less.`,
    ];
  });
}

/** What is still to be created, by quota. */
function additional(needs: CloudNeeds, cloud: Inventory): Record<string, number> {
  const flavors = new Map(cloud.flavors.map((flavor) => [flavor.name, flavor]));
  const existing = new Set(cloud.servers.map((server) => server.name));
  const existingVolumes = new Set(cloud.volumes.map((volume) => volume.name));
  const servers = needs.servers.filter((server) => !existing.has(server.name)).map((server) => server.flavor);
  const nodes = needs.clusters.flatMap((cluster) => {
    const there = cloud.clusters.find((candidate) => candidate.name === cluster.name);
    const more = (want: number, have: number | null | undefined, flavor: string) =>
      Array<string>(Math.max(0, want - (have ?? 0))).fill(flavor);
    return [
      ...more(cluster.nodes, there?.node_count, cluster.flavor),
      ...more(cluster.masters, there?.master_count, cluster.masterFlavor),
    ];
  });
  const volumes = needs.volumes.filter((volume) => !existingVolumes.has(volume.name));
  const sum = (of: "vcpus" | "ram") =>
    [...servers, ...nodes].reduce((total, name) => total + (flavors.get(name)?.[of] ?? 0), 0);
  const ownNetwork =
    needs.networkName !== undefined && !cloud.networks.some((network) => network.name === needs.networkName);
  return {
    instances: servers.length + nodes.length,
    cores: sum("vcpus"),
    "RAM (MiB)": sum("ram"),
    volumes: volumes.length,
    "volume GiB": volumes.reduce((total, volume) => total + volume.size, 0),
    networks: ownNetwork ? 1 : 0,
    routers: ownNetwork ? 1 : 0,
    ports: servers.length + nodes.length,
  };
}
