import { RemoteImage } from "@pulumi/docker/remoteImage";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";

import { mirroredImage } from "../../docker/container";
import { ContainerServer } from "../../docker/ContainerServer";
import { BROKERS } from "../brokers/kinds";
import { type BrokerClusterPlan, planBrokers } from "../brokers/plan";
import { brokerHost } from "../brokers/rabbitmq/host";
import { issueCertificate } from "../servers/CertificateAuthority";
import type { Placement } from "../servers/placement";
import { PORTS } from "../servers/ports";
import { hostNames, type LocalServerArgs } from "./localArgs";
import { publishedPort } from "./ports";

export interface LocalBrokersArgs extends LocalServerArgs {
  /** Members: 1, 3, 5 or 7. Growing adds containers; shrinking removes the last ones. */
  nodes: number;
  /** RabbitMQ's image, with a tag. Default: the servers' one. REPLACES the containers, not their data. */
  containerImage?: string;
  /** Virtual host of the services. REPLACES the containers. */
  vhost: string;
}

/** The broker cluster of a plan as containers of one Docker host: same addresses, same files, a volume a member. */
export class LocalBrokers extends pulumi.ComponentResource {
  /** Where the Docker host publishes the members, as `address:port`, in name order. */
  readonly endpoints: pulumi.Output<string[]>;

  constructor(name: string, args: LocalBrokersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:LocalBrokers", name, {}, opts);
    const plan = planBrokers(args.prefix, args.nodes, args.zones);
    const image = args.containerImage ?? BROKERS.rabbitmq.image;
    const pulled = new RemoteImage(
      `${name}-image`,
      { name: mirroredImage(image, args.registry), keepLocally: true },
      { parent: this },
    );
    const cookie = new RandomPassword(`${name}-cookie`, { length: 48, special: false }, { parent: this });
    // One after the other: the first is the seed of the cluster, and one that is replaced has rejoined before the next goes.
    const servers: ContainerServer[] = [];
    for (const [index, member] of plan.members.entries()) {
      servers.push(
        new ContainerServer(
          `${name}-${member.key}`,
          {
            ...args,
            hostName: member.hostName,
            address: member.address,
            imageId: pulled.imageId,
            imageUser: "root",
            host: renderHost(this, name, args, { plan, member, image, cookie: cookie.result }),
            volumes: [{ key: "", path: "/var/lib/rabbitmq" }],
            port: {
              internal: PORTS.amqps,
              external: publishedPort(args.published, "broker", index),
              ip: args.published.ip,
            },
            after: servers.at(-1),
          },
          { parent: this },
        ),
      );
    }
    this.endpoints = pulumi.all(servers.map((server) => server.published));
    this.registerOutputs({ endpoints: this.endpoints });
  }
}

function renderHost(
  parent: LocalBrokers,
  name: string,
  args: LocalBrokersArgs,
  it: { plan: BrokerClusterPlan; member: Placement; image: string; cookie: pulumi.Output<string> },
) {
  const subject = { ...it.member, others: hostNames(args) };
  const tls = issueCertificate(`${name}-${it.member.key}`, args.authority, subject, parent);
  return pulumi.secret(
    pulumi.all([tls, it.cookie, pulumi.output(args.users)]).apply(([material, cookie, users]) =>
      brokerHost({
        ...it,
        tls: material,
        cookie,
        vhost: args.vhost,
        users: Object.entries(users).map(([user, password]) => ({ name: user, password })),
      }),
    ),
  );
}
