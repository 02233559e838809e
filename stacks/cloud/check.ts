import { closest } from "fastest-levenshtein";

import type { Service } from "../../components/cloud/catalog";
import { clusterNeeds } from "../../components/clusters/clusterNeeds";
import { UserError } from "../../components/errors";
import { BROKER_KEY, brokerChangeFindings, type DeployedBroker } from "../../components/messaging/brokers/change";
import { MEMBERS_KEY } from "../../components/messaging/brokers/rabbitmq/membership";
import { ownerTag } from "../../components/names";
import { balanceOf } from "./balance";
import type { Inventory } from "./inventory";
import type { CloudNeeds } from "./needs";
import { templateFindings } from "./templates";

/** Compares needs with the cloud and refuses, with everything that is missing at once, before anything is created. */
export function checkNeeds(needs: CloudNeeds, cloud: Inventory, stack: string): void {
  const findings = findingsOf(needs, cloud, stack);
  // Sums over flavors that do not exist would mislead.
  if (findings.length === 0) findings.push(...short(needs, cloud));
  if (findings.length > 0) throw UserError.all(findings);
}

/** Everything that is in the way but quotas. */
export function findingsOf(needs: CloudNeeds, cloud: Inventory, stack: string): string[] {
  return [
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
    ...nodeImageFindings(needs, cloud),
    ...serviceFindings(needs, cloud),
    ...credentialFindings(needs, cloud),
  ];
}

/** The id of a network, subnet or image given by its name or id; the check has made sure that there is one. */
export function idOf(resources: readonly { id: string; name: string | null }[], nameOrId: string): string {
  return resources.find(({ id, name }) => name === nameOrId || id === nameOrId)?.id ?? nameOrId;
}

/** Finds what a cloud has by its name or id. */
export function lookUp(inventory: Inventory) {
  return {
    networkId: (nameOrId: string) => idOf(inventory.networks, nameOrId),
    subnetId: (nameOrId: string) => idOf(inventory.subnets, nameOrId),
    imageId: (nameOrId: string) => idOf(inventory.images, nameOrId),
    flavor: (nameOrId: string) => shapeOf(inventory, nameOrId),
  };
}

/** Processors and memory of a flavor given by its name or id. */
function shapeOf({ flavors }: Inventory, name: string): { cores: number; memoryMiB: number } | undefined {
  const found = flavors.find((flavor) => flavor.name === name || flavor.id === name);
  return found && { cores: found.vcpus, memoryMiB: found.ram };
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

/** Images that Magnum makes no nodes from: not ready, or without a property that its driver is chosen by. */
function nodeImageFindings(needs: CloudNeeds, cloud: Inventory): string[] {
  return [...needs.nodeImages].flatMap(([nameOrId, { setting, properties }]) => {
    const image = cloud.images.find(({ id, name }) => name === nameOrId || id === nameOrId);
    if (image === undefined) return [];
    const absent = properties.filter((property) => image[property as "os_distro" | "kube_version"] === undefined);
    const lacking = absent.map(
      (property) =>
        `\`${setting}\`: image "${nameOrId}" has no property \`${property}\`, without which Magnum makes no nodes from it. ` +
        `Set it: \`openstack image set --property ${property}=… ${nameOrId}\`.`,
    );
    const ready = image.status === "active";
    return ready ? lacking : [...lacking, `\`${setting}\`: image "${nameOrId}" is ${image.status}, not active.`];
  });
}

/** Services that clusters need; their makers ask for them only when a half of the cluster is there. */
function serviceFindings(needs: CloudNeeds, cloud: Inventory): string[] {
  if (needs.clusters.length === 0) return [];
  const balanced = needs.clusters.some((cluster) => (clusterNeeds(cluster).amounts["load balancers"] ?? 0) > 0);
  const wanted: Partial<Record<Service, string>> = {
    containerInfra: "The cloud has no container-infra service (Magnum), which makes clusters.",
    ...(balanced && {
      loadBalancer: "The cloud has no load-balancer service (Octavia), which load balancers for masters need.",
    }),
  };
  return cloud.missingServices.flatMap((service) => wanted[service] ?? []);
}

/**
 * Magnum gives each cluster a trust. Keystone lets a restricted application credential create none, and since 29.1.0
 * (keystone/api/trusts.py, LP#2150089) none at all, unless its operators turn that off.
 */
function credentialFindings(needs: CloudNeeds, { applicationCredential }: Inventory): string[] {
  if (needs.clusters.length === 0 || applicationCredential === undefined) return [];
  if (!applicationCredential.managesTrusts) {
    return [
      `This cloud's Keystone lets no application credential manage trusts, "${applicationCredential.name}" neither, and Magnum cannot create those of clusters with it ("Failed to create trustee"). ` +
        "Log in by a password or through a federation; or the cloud's operators set `[security_compliance] allow_insecure_application_credential_trust_escalation` in keystone.conf.",
    ];
  }
  if (!applicationCredential.restricted) return [];
  return [
    `The application credential "${applicationCredential.name}" is restricted, and Magnum cannot create the trusts of clusters with it ("Failed to create trustee"). ` +
      "Log in by an unrestricted one (`openstack application credential create --unrestricted …`), or by a password.",
  ];
}

/** Quotas that do not reach for what is still to be created. */
function short(needs: CloudNeeds, cloud: Inventory): string[] {
  return balanceOf(needs, cloud)
    .filter(({ shortBy }) => shortBy > 0)
    .map(
      ({ what, need, have, limit, used, shortBy }) =>
        `Quota of ${what}: ${need} more needed, ${have} left (limit ${limit}, used ${used}), short by ${shortBy}. Ask for a higher quota, or plan less.`,
    );
}
