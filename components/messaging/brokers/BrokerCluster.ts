import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";

import { DurableServer } from "../../compute/DurableServer";
import type { BrokerKind } from "../backend/matrix";
import { type Authority, issueCertificate } from "../servers/CertificateAuthority";
import { checkInstall, settingsOf } from "../servers/install";
import { memberAddresses } from "../servers/memberAddresses";
import { createMembers, type Members } from "../servers/Members";
import type { Placement } from "../servers/placement";
import type { MessagingServerArgs } from "../servers/serverArgs";
import { brokerMetadata, installedAs } from "./change";
import { BROKERS } from "./kinds";
import { type BrokerClusterPlan, planBrokers } from "./plan";
import { MEMBERS_KEY } from "./rabbitmq/membership";
import type { BrokerSoftware } from "./software";

/** A server's name and address. */
interface HostEntry {
  hostName: string;
  address: string;
}

export interface BrokerClusterArgs extends MessagingServerArgs {
  /** The broker. REPLACES servers and data. */
  kind: BrokerKind;
  /** Members: 1, 3, 5 or 7. Growing adds servers; shrinking removes the last ones. Default 3. */
  nodes: number;
  /** The broker's container image, with a tag. Default: the one of its kind. REPLACES the servers, not their data. */
  containerImage?: string;
  /** RabbitMQ's version where it is installed by package, such as `3.10.8`. Default: Debian 12's. REPLACES the servers. */
  packageVersion?: string;
  /** Size of a member's data volume in GiB. Growing is in place. */
  volumeSize: number;
  /** Cinder volume type of the data volumes. Default: the cloud's. REPLACES the volumes. */
  volumeType?: string;
  /** Virtual host of the services. REPLACES the servers. */
  vhost: string;
  /** Passwords by user name; a user per service. REPLACES the servers. */
  users: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Authority that signs the members' certificates. */
  authority: Authority;
}

/** A broker cluster of one kind: TLS on every link, a server and a data volume per member in the zones' turn. */
export class BrokerCluster extends pulumi.ComponentResource {
  /** `host:port` of every member, in name order; the host is an address, or a name where the driver checks names only. */
  readonly endpoints: pulumi.Output<string[]>;
  /** Names and addresses of the members, for clients that have no DNS to ask. */
  readonly entries: pulumi.Output<HostEntry[]>;

  constructor(name: string, args: BrokerClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:BrokerCluster", name, {}, opts);
    checkInstall(args.kind, settingsOf(args).install, "messaging.broker.install");
    const plan = planBrokers(args.prefix, args.nodes, args.network.zones);
    const software = BROKERS[args.kind];
    const shared = createMembers(this, name, args, { plural: "brokers", ...software });
    // Named for its first use, as Erlang's cookie; every kind has some use for a secret that all members know.
    const secret = new RandomPassword(`${name}-cookie`, { length: 48, special: false }, { parent: this });
    // Read by the servers from the metadata service: it changes in place when the cluster grows or shrinks.
    const members = plan.members.map((member) => member.hostName).join(",");
    // One after the other: a server that is replaced has rejoined before the next one goes.
    const servers: DurableServer[] = [];
    for (const member of plan.members) {
      const userData = renderUserData(this, name, args, plan, member, secret.result);
      servers.push(createMember(this, name, args, member, userData, shared, { before: servers.at(-1), members }));
    }
    this.entries = pulumi
      .all(servers.map((server) => server.address))
      .apply((all) => all.map((address, at) => ({ hostName: plan.members[at]?.hostName ?? "", address })));
    this.endpoints = this.entries.apply((all) => all.map((entry) => endpointOf(entry, software)));
    this.registerOutputs({ endpoints: this.endpoints, entries: this.entries });
  }
}

function endpointOf({ hostName, address }: HostEntry, { endpoints, clients }: BrokerSoftware): string {
  return `${endpoints === "name" ? hostName : address}:${clients.port}`;
}

function renderUserData(
  parent: BrokerCluster,
  name: string,
  args: BrokerClusterArgs,
  plan: BrokerClusterPlan,
  member: Placement,
  clusterSecret: pulumi.Output<string>,
): pulumi.Output<string> {
  const software = BROKERS[args.kind];
  const tls = issueCertificate(`${name}-${member.key}`, args.authority, member, parent);
  const rendered = pulumi.all([tls, clusterSecret, pulumi.output(args.users)]).apply(([material, secret, users]) =>
    software.userData({
      plan,
      member,
      image: args.containerImage ?? software.image,
      tls: material,
      secret,
      vhost: args.vhost,
      users: Object.entries(users).map(([user, password]) => ({ name: user, password })),
      settings: settingsOf(args),
      packageVersion: args.packageVersion,
    }),
  );
  return pulumi.secret(rendered);
}

function createMember(
  parent: BrokerCluster,
  name: string,
  args: BrokerClusterArgs,
  member: Placement,
  userData: pulumi.Output<string>,
  shared: Members,
  { before, members }: { before: DurableServer | undefined; members: string },
): DurableServer {
  return new DurableServer(
    `${name}-${member.key}`,
    {
      ...args,
      hostName: member.hostName,
      networkId: args.network.networkId,
      addresses: memberAddresses(member, args.network),
      securityGroupIds: [shared.securityGroupId],
      zone: member.zone,
      userData,
      serverGroupId: shared.serverGroupId,
      dataVolumeSize: args.volumeSize,
      after: before,
      metadata: { [MEMBERS_KEY]: members, ...brokerMetadata(args.kind, installedAs({ ...args, ...settingsOf(args) })) },
    },
    { parent },
  );
}
