import { z } from "zod";

import { RELEASES } from "../../components/releases";
import { type AnalysisConfig, analysisSchema } from "./analysis";
import { type ClustersConfig, clustersSchema } from "./clusters";
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
    protectVolumes: z
      .boolean()
      .optional()
      .describe(
        "Whether volumes are protected: nothing deletes them, `pulumi destroy` included, until an update without it. Default: no. In place.",
      ),
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
    adminCidrs: z
      .array(cidr)
      .optional()
      .describe(
        "Ranges from which SSH is allowed; they are in the servers' own firewalls, too. Default: none. Rolling.",
      ),
    existing: existingNetworkSchema.optional(),
  })
  .refine((network) => (network.cidr === undefined) !== (network.existing === undefined), {
    message: "give either `cidr` (a new network) or `existing` (one that is there), not both and not neither",
  })
  .describe("The network layer: networks, subnets, router.");

export const readsSchema = z
  .strictObject({
    network: z
      .string()
      .min(1)
      .optional()
      .describe("Stack that owns the network layer, as `stack` or `organization/project/stack`."),
    clusters: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Stack that owns the clusters layer, for `analysis.cluster`, as `stack` or `organization/project/stack`.",
      ),
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
  analysis: analysisSchema,
} as const;

export type Section = keyof typeof SECTIONS;
export type CloudConfig = z.output<typeof cloudSchema>;
export type NetworkConfig = z.output<typeof networkSchema>;
export type { AnalysisConfig } from "./analysis";
export type { ClusterConfig, ClustersConfig, TemplateConfig } from "./clusters";
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
  analysis?: AnalysisConfig;
}
