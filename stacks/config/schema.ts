import { z } from "zod";

import { ENGINES } from "../../components/clusters/templatePlan";
import { RELEASES } from "../../components/releases";
import { type DockerConfig, dockerSchema } from "./docker";
import { cidr, count, name } from "./fields";
import { type MessagingConfig, messagingSchema } from "./messaging";

/**
 * The configuration of a stack: one object per layer. This is the single source of validation, of the JSON Schema
 * for editors and of the reference table in docs/.
 */

export const cloudSchema = z
  .strictObject({
    release: z.enum(RELEASES).describe("OpenStack release that the cloud runs. Decides what is possible."),
    name: z
      .string()
      .min(1)
      .optional()
      .describe("Entry of clouds.yaml. Default: `OS_CLOUD`, else the `OS_*` variables."),
    region: z.string().min(1).optional().describe("Region. Default: the one of the credentials. REPLACES everything."),
    keyPair: z
      .string()
      .min(1)
      .optional()
      .describe("Existing Nova key pair for SSH to servers and nodes. REPLACES servers and clusters."),
    prefix: name
      .optional()
      .describe("Prefix of every name in the cloud. Default: the stack's name. REPLACES servers and clusters."),
  })
  .describe("The cloud that the stack is deployed to.");

const existingNetworkSchema = z
  .strictObject({
    network: z.string().min(1).describe("Name or id of the network."),
    subnets: z
      .record(
        z.string(),
        z.strictObject({
          subnet: z.string().min(1).describe("Name or id of the zone's subnet."),
          cidr: cidr.describe("IPv4 range of the subnet; its lower half must be free of other servers."),
        }),
      )
      .describe("The zones' subnets, by availability zone."),
  })
  .describe("A network that is there already, instead of a new one.");

export const networkSchema = z
  .strictObject({
    zones: z
      .array(z.string().min(1))
      .min(1)
      .max(8)
      .describe("Nova availability zones; each gets a subnet. Adding one is in place."),
    cidr: cidr
      .optional()
      .describe("IPv4 range that the zones' subnets are cut from, /25 or larger. REPLACES the network's subnets."),
    subnetPrefix: count(8, 28)
      .optional()
      .describe("Length of a zone's IPv4 subnet. Default: the range divided by 8. REPLACES the subnets."),
    ipv6Cidr: cidr
      .optional()
      .describe("IPv6 range, /61 or larger; each zone gets a /64. Default: IPv4 only. In place."),
    external: z
      .string()
      .min(1)
      .optional()
      .describe("Name or id of the external network that the router leads to. In place."),
    dnsNameservers: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .optional()
      .describe("Resolvers handed out by DHCP. Default: the cloud's. In place."),
    dnsDomain: z
      .string()
      .regex(/^([a-z0-9-]+\.)+$/, "a domain with the trailing dot, such as fabric.example.org.")
      .optional()
      .describe("Domain under which Neutron publishes host names, with the trailing dot. Default: none. In place."),
    mtu: count(1280, 9216).optional().describe("MTU in bytes. Default: the cloud's. In place."),
    adminCidrs: z.array(cidr).optional().describe("Ranges from which SSH is allowed. Default: none. In place."),
    existing: existingNetworkSchema.optional(),
  })
  .refine((network) => (network.cidr === undefined) !== (network.existing === undefined), {
    message: "give either `cidr` (a new network) or `existing` (one that is there), not both and not neither",
  })
  .describe("The network layer: networks, subnets, router.");

const labels = z.record(z.string(), z.string().describe("Labels are strings: quote numbers and booleans."));

const templateSchema = z
  .strictObject({
    engine: z.enum(ENGINES).default("kubernetes").describe("Orchestration engine (`coe`). Makes a new template."),
    image: z.string().min(1).describe("Image with the property `os_distro`. Makes a new template."),
    flavor: z.string().min(1).describe("Flavor of the nodes. Makes a new template."),
    masterFlavor: z
      .string()
      .min(1)
      .optional()
      .describe("Flavor of the masters. Default: `flavor`. Makes a new template."),
    networkDriver: z
      .string()
      .min(1)
      .optional()
      .describe("Network driver, such as `calico`. Default: Magnum's. Makes a new template."),
    volumeDriver: z
      .string()
      .min(1)
      .optional()
      .describe("Volume driver, such as `cinder`. Default: none. Makes a new template."),
    dockerVolumeSize: count(1, 16_384)
      .optional()
      .describe("Volume for container images in GiB. Default: none. Makes a new template."),
    masterLoadBalancer: z
      .boolean()
      .default(false)
      .describe("Load balancer before the masters; needed for more than one. Makes a new template."),
    floatingIps: z.boolean().default(false).describe("A floating IP for every node. Makes a new template."),
    labels: labels.default({}).describe("Labels of Magnum's driver. Makes a new template."),
  })
  .describe("A cluster template.");

const clusterSchema = z
  .strictObject({
    template: z.string().min(1).describe("Key of a template in `templates`."),
    nodes: count(0, 10_000).default(1).describe("Worker nodes. In place."),
    masters: z
      .union([z.literal(1), z.literal(3), z.literal(5)])
      .default(1)
      .describe("Masters; odd, since etcd votes. REPLACES the cluster."),
    labels: labels.default({}).describe("Labels over the template's. REPLACES the cluster."),
    ownNetwork: z
      .boolean()
      .default(false)
      .describe(
        "Whether Magnum makes a network for the cluster, instead of the network layer's. REPLACES the cluster.",
      ),
  })
  .describe("A cluster.");

export const clustersSchema = z
  .strictObject({
    external: z.string().min(1).optional().describe("External network of the clusters. Default: `network.external`."),
    templates: z.record(name, templateSchema).describe("Cluster templates by key."),
    clusters: z.record(name, clusterSchema).default({}).describe("Clusters by key."),
  })
  .superRefine((layer, context) => {
    for (const [key, cluster] of Object.entries(layer.clusters)) {
      if (cluster.template in layer.templates) continue;
      context.addIssue({
        code: "custom",
        path: ["clusters", key, "template"],
        input: cluster.template,
        message: `one of the templates of this stack (${Object.keys(layer.templates).join(", ") || "none"})`,
      });
    }
  })
  .describe("The clusters layer: Magnum cluster templates and clusters.");

export const readsSchema = z
  .strictObject({
    network: z
      .string()
      .min(1)
      .optional()
      .describe("Stack that owns the network layer, as `stack` or `organization/project/stack`."),
  })
  .describe("Layers that other stacks own.");

/** Every section of a stack's configuration, in the order of the layers. */
export const SECTIONS = {
  cloud: cloudSchema,
  docker: dockerSchema,
  reads: readsSchema,
  network: networkSchema,
  messaging: messagingSchema,
  clusters: clustersSchema,
} as const;

export type Section = keyof typeof SECTIONS;
export type CloudConfig = z.output<typeof cloudSchema>;
export type NetworkConfig = z.output<typeof networkSchema>;
export type ClustersConfig = z.output<typeof clustersSchema>;
export type TemplateConfig = ClustersConfig["templates"][string];
export type ClusterConfig = ClustersConfig["clusters"][string];
export type ReadsConfig = z.output<typeof readsSchema>;

/** A stack's whole configuration: the layers that it owns are those that are there. */
export interface StackConfig {
  cloud: CloudConfig;
  /** Containers instead of servers. */
  docker?: DockerConfig;
  reads: ReadsConfig;
  network?: NetworkConfig;
  messaging?: MessagingConfig;
  clusters?: ClustersConfig;
}
