import { z } from "zod";

import { INSTALL_METHODS } from "../../components/compute/host/plan";
import { ACCEPTABLE, BROKER_KINDS, MESSAGING_MODES } from "../../components/messaging/backend/matrix";
import { MAX_BROKERS } from "../../components/messaging/brokers/plan";
import {
  FULL_MESH,
  MAX_CONNECTIVITY,
  MAX_EDGES,
  MAX_SITE_INTERIOR,
  ROUTER_IMPLEMENTATIONS,
} from "../../components/messaging/mesh/topology";
import { RELEASES } from "../../components/releases";
import { cidr, count, name, taggedImage } from "./fields";
import { osloSchema } from "./oslo";
import { serversSchema } from "./servers";

const install = z.enum(INSTALL_METHODS).optional();

const endpoint = z
  .string()
  .regex(/^([\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}$/, "a host and a port, such as rabbit-1.example.org:5671");

const externalSchema = z
  .strictObject({
    endpoints: z.array(endpoint).min(1).describe("Brokers as `host:port`; the port speaks TLS. In place."),
    vhost: z.string().min(1).default("openstack").describe("Virtual host of the services. In place."),
    users: z
      .record(
        name,
        z.string().regex(/^[^/]+$/, "a password without `/`: oslo.messaging's RabbitMQ driver breaks on one"),
      )
      .describe("Password by service; set them with `pulumi config set --secret --path`. In place."),
    caPem: z
      .string()
      .startsWith("-----BEGIN CERTIFICATE-----", "a PEM certificate")
      .optional()
      .describe("Authority of the brokers' certificates. Default: the system's. In place."),
  })
  .describe("Brokers that are there already, instead of new ones.");

const brokerSchema = z
  .strictObject({
    kind: z
      .enum(BROKER_KINDS)
      .default("rabbitmq")
      .describe("Broker. `kafka` carries notifications only; `artemis` speaks AMQP 1.0. REPLACES servers and data."),
    nodes: z
      .union([z.literal(1), z.literal(3), z.literal(5), z.literal(7)])
      .default(3)
      .describe(`Members: an odd number up to ${MAX_BROKERS}, one odd step at a time. Growing adds servers.`),
    flavor: z
      .string()
      .min(1)
      .optional()
      .describe("Flavor of the servers; needed for new ones on a cloud. In place (resize)."),
    image: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Image of the servers, with cloud-init; needed for new ones on a cloud. REPLACES the servers, not their data.",
      ),
    containerImage: taggedImage
      .optional()
      .describe(
        "The broker's container image; RabbitMQ's tag says its version, such as 4.1.4. Default: the one of its kind. REPLACES the servers, not their data.",
      ),
    install: install.describe(
      "How brokers are installed, where it differs from `servers.install`: `package` is for `rabbitmq` only. REPLACES the servers, not their data.",
    ),
    packageVersion: z
      .string()
      .regex(/^\d+\.\d+(\.\d+)?$/, "a version such as 3.10.8")
      .optional()
      .describe(
        "RabbitMQ's version in the packages of the servers' image, which decides what its configuration may say. Default: 3.10, Debian 12's. REPLACES the servers, not their data.",
      ),
    volumeSize: count(1, 16_384).default(20).describe("Data volume of a member in GiB. Growing is in place."),
    volumeType: z
      .string()
      .min(1)
      .optional()
      .describe("Cinder volume type. Default: the cloud's. REPLACES the volumes."),
    external: externalSchema.optional(),
  })
  .superRefine((broker, context) => {
    for (const key of ["flavor", "image"] as const) {
      if (broker[key] === undefined || broker.external === undefined) continue;
      const message = "nothing: `external` brokers have their own";
      context.addIssue({ code: "custom", path: [key], input: broker[key], message });
    }
  })
  .describe("The broker cluster: notifications, and RPC in `vanilla` mode.");

const edgeSchema = z
  .strictObject({
    count: count(1, MAX_EDGES).describe("Edge routers of the group. Growing touches the added ones only."),
    zone: z
      .string()
      .min(1)
      .optional()
      .describe("Availability zone of all of them, such as a rack's. Default: the zones in turn. REPLACES them."),
  })
  .describe("Edge routers of one rack or service.");

const siteSchema = z
  .strictObject({
    gateways: z
      .record(z.string().min(1), z.union([z.ipv4(), z.ipv6()]))
      .describe("Addresses of the site's first interior routers by host name; `connectivity` of them, or all it has."),
    cidr: cidr.describe("Range that the site's routers connect from."),
  })
  .describe("Another site of the mesh, which another stack deploys.");

const meshSchema = z
  .strictObject({
    implementation: z
      .enum(ROUTER_IMPLEMENTATIONS)
      .default("skupper-router")
      .describe("The router. qpid-dispatch ended in 2022 and takes a tree only. REPLACES the servers."),
    interior: count(1, MAX_SITE_INTERIOR)
      .default(3)
      .describe(
        `Interior routers, 1 to ${MAX_SITE_INTERIOR}. Growing touches the added ones, and edges that they take over.`,
      ),
    connectivity: count(1, MAX_CONNECTIVITY)
      .optional()
      .describe(
        `k: every router stays reachable when any k − 1 interior routers fail. Default 2; 1 for qpid-dispatch. ` +
          `REPLACES edges, and interior routers beyond the ${FULL_MESH}th.`,
      ),
    edges: z.record(name, edgeSchema).default({}).describe("Edge routers by rack or service."),
    site: name.optional().describe("This site's name among `sites`. Default `local`. REPLACES the servers."),
    sites: z.record(name, siteSchema).default({}).describe("The other sites of the mesh by name."),
    flavor: z.string().min(1).optional().describe("Flavor of the servers; needed on a cloud. In place (resize)."),
    image: z
      .string()
      .min(1)
      .optional()
      .describe("Image of the servers, with cloud-init; needed on a cloud. REPLACES the servers."),
    containerImage: taggedImage
      .optional()
      .describe("The router's container image. Default: the one of its implementation. REPLACES the servers."),
    install: install.describe(
      "How routers are installed, where it differs from `servers.install`: only `container`, no distribution packages a router.",
    ),
  })
  .describe("The AMQP 1.0 dispatch-router mesh: RPC in `hybrid` mode, and `applications`.");

const authoritySchema = z
  .strictObject({
    certPem: z.string().startsWith("-----BEGIN CERTIFICATE-----", "a PEM certificate").describe("The certificate."),
    keyPem: z.string().startsWith("-----BEGIN", "a PEM key").describe("The key; set it with `--secret`."),
  })
  .describe(
    "An authority of your own; sites of one mesh share one. Default: one of the stack's. REPLACES all servers.",
  );

const rolloutSchema = z
  .strictObject({
    gate: z
      .enum(["console", "none"])
      .default("console")
      .describe(
        "What a replaced server waits for: the line on its console by which it says that it has rejoined, or nothing. In place.",
      ),
    timeout: count(30, 7200).default(900).describe("How long a server may take to rejoin, in seconds. In place."),
  })
  .describe("How servers are replaced: always one at a time.");

export const messagingSchema = z
  .strictObject({
    mode: z
      .enum(MESSAGING_MODES)
      .describe(
        "`vanilla`: all on the broker. `hybrid`: RPC on the router mesh, notifications on the broker. `direct`: RPC by ZeroMQ.",
      ),
    release: z
      .enum(RELEASES)
      .optional()
      .describe("OpenStack release of the services that use the backend. Default: `cloud.release`."),
    services: z.array(name).min(1).describe("Services that get a user each, such as `nova`. REPLACES the servers."),
    applications: z
      .array(name)
      .default([])
      .describe("Users of the mesh that speak AMQP 1.0 themselves, at any release. REPLACES the routers."),
    broker: brokerSchema,
    rpc: meshSchema.optional(),
    matchmaker: z
      .strictObject({
        endpoint: endpoint.describe("Redis as `host:port`. In place."),
        password: z.string().describe("Its password; set it with `--secret`. In place."),
      })
      .optional()
      .describe("Redis by which ZeroMQ's peers find each other; only in `direct` mode."),
    authority: authoritySchema.optional(),
    accept: z.array(z.enum(ACCEPTABLE)).default([]).describe("Promises that are given up knowingly. In place."),
    servers: serversSchema.prefault({}),
    rollout: rolloutSchema.prefault({}),
    oslo: osloSchema.prefault({}),
  })
  .superRefine((messaging, context) => {
    const wanted = messaging.mode === "hybrid" || messaging.applications.length > 0;
    if (wanted === (messaging.rpc !== undefined)) return;
    const message = wanted
      ? "the router mesh: mode `hybrid` and `applications` need one"
      : "nothing: only mode `hybrid` and `applications` use a router mesh";
    context.addIssue({ code: "custom", path: ["rpc"], input: messaging.rpc, message });
  })
  .describe("The messaging layer: brokers and router mesh.");

export type MessagingConfig = z.output<typeof messagingSchema>;
