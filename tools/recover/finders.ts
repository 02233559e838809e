import { z } from "zod";

import type { Service } from "../../components/cloud/catalog";
import type { CloudClient } from "../../components/cloud/client";

/** Something in the cloud that an interrupted update may have created. */
export interface Leftover {
  id: string;
  service: Service;
  /** How to remove it. */
  path: string;
  /** Some are removed by a PUT with a body, instead of a DELETE. */
  put?: unknown;
}

type Inputs = Readonly<Record<string, unknown>>;
/** `since` is when the killed update began, where that is known. */
type Finder = (client: CloudClient, inputs: Inputs, since?: Date) => Promise<Leftover[]>;

const idSchema = z.looseObject({ id: z.string().optional(), uuid: z.string().optional(), name: z.string().nullish() });
type Item = z.output<typeof idSchema>;

/** How a resource that was being created is found again by its inputs, by Pulumi type. */
export const FINDERS: Readonly<Record<string, Finder>> = {
  "openstack:networking/network:Network": neutron("networks", ["name"]),
  "openstack:networking/subnet:Subnet": neutron("subnets", ["name", "networkId"]),
  "openstack:networking/port:Port": neutron("ports", ["name", "networkId"]),
  "openstack:networking/router:Router": neutron("routers", ["name"]),
  "openstack:networking/secGroup:SecGroup": neutron("security-groups", ["name"]),
  "openstack:networking/secGroupRule:SecGroupRule": neutron("security-group-rules", [
    "securityGroupId",
    "direction",
    "ethertype",
    "protocol",
    "portRangeMin",
    "portRangeMax",
    "remoteGroupId",
    "remoteIpPrefix",
  ]),
  "openstack:networking/routerInterface:RouterInterface": routerInterface,
  "openstack:compute/instance:Instance": named("compute", "/servers/detail", "servers", "/servers"),
  "openstack:compute/serverGroup:ServerGroup": named("compute", "/os-server-groups", "server_groups"),
  "openstack:compute/volumeAttach:VolumeAttach": volumeAttachment,
  "openstack:blockstorage/volume:Volume": named("volume", "/volumes/detail", "volumes", "/volumes"),
  "openstack:containerinfra/clusterTemplate:ClusterTemplate": named(
    "containerInfra",
    "/clustertemplates",
    "clustertemplates",
  ),
  "openstack:containerinfra/cluster:Cluster": named("containerInfra", "/clusters", "clusters"),
};

/** Neutron resources are asked for by the query that Neutron itself filters by. */
function neutron(collection: string, fields: readonly string[]): Finder {
  const key = collection.replaceAll("-", "_");
  return async (client, inputs, since) => {
    const query = new URLSearchParams();
    for (const field of fields) {
      const value = inputs[field];
      if (typeof value === "string" || typeof value === "number") query.set(snakeCase(field), String(value));
    }
    const found = await list(client, "network", `/${collection}?${query.toString()}`, key);
    return found
      .filter((item) => isOurs(item, inputs["tags"], since))
      .map((item) => leftover("network", `/${collection}`, item));
  };
}

/**
 * Whether a tagged resource is this stack's. The provider tags in a second request: a resource without any tag is
 * ours, too, if it was created after the killed update began.
 */
function isOurs(item: Item, wanted: unknown, since: Date | undefined): boolean {
  if (!Array.isArray(wanted)) return true;
  const tags = Array.isArray(item["tags"]) ? (item["tags"] as unknown[]) : [];
  if (tags.length > 0) return wanted.every((tag) => tags.includes(tag));
  const created = Date.parse(String(item["created_at"]));
  // Neutron's times are whole seconds.
  return since !== undefined && created >= Math.floor(since.getTime() / 1000) * 1000;
}

/** Resources that are listed and matched by their exact name, and by their owner where they carry one. */
function named(service: Service, path: string, key: string, remove = path): Finder {
  return async (client, inputs) => {
    const owner = (inputs["metadata"] as Record<string, string> | undefined)?.["fabric-stack"];
    const hasOwner = (item: Item) =>
      owner === undefined || (item["metadata"] as Record<string, string> | undefined)?.["fabric-stack"] === owner;
    const found = await list(client, service, path, key);
    return found
      .filter((item) => item.name === inputs["name"] && hasOwner(item))
      .map((item) => leftover(service, remove, item));
  };
}

async function routerInterface(client: CloudClient, inputs: Inputs): Promise<Leftover[]> {
  const [router, subnet] = [String(inputs["routerId"]), String(inputs["subnetId"])];
  const ports = await list(client, "network", `/ports?device_id=${router}&fixed_ips=subnet_id%3D${subnet}`, "ports");
  return ports.map((port) => ({
    id: port.id ?? "",
    service: "network",
    path: `/routers/${router}/remove_router_interface`,
    put: { subnet_id: subnet },
  }));
}

async function volumeAttachment(client: CloudClient, inputs: Inputs): Promise<Leftover[]> {
  const path = `/servers/${String(inputs["instanceId"])}/os-volume_attachments`;
  const found = await list(client, "compute", path, "volumeAttachments");
  return found.filter((item) => item["volumeId"] === inputs["volumeId"]).map((item) => leftover("compute", path, item));
}

async function list(client: CloudClient, service: Service, path: string, key: string): Promise<Item[]> {
  const answer = await client.get(service, path, z.looseObject({ [key]: z.array(idSchema) }));
  return answer[key] as Item[];
}

function leftover(service: Service, path: string, item: Item): Leftover {
  const id = item.id ?? item.uuid ?? "";
  return { id, service, path: `${path}/${id}` };
}

function snakeCase(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
