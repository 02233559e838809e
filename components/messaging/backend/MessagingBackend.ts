import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";

import { UserError } from "../../errors";
import { resourceName } from "../../names";
import { SecurityGroup } from "../../network/SecurityGroup";
import { asRelease } from "../../releases";
import { BrokerCluster } from "../brokers/BrokerCluster";
import { CLIENT_VHOST } from "../mesh/config";
import { RouterMesh } from "../mesh/RouterMesh";
import { CertificateAuthority } from "../servers/CertificateAuthority";
import type { MessagingServerArgs } from "../servers/serverArgs";
import { checkMode, MESSAGING_MODES } from "./modes";
import { transportUrl } from "./transportUrl";

/** The broker's share of a messaging backend. */
export interface BrokerArgs {
  /** Members: 1, 3, 5 or 7. Default 3. */
  nodes: number;
  flavor: string;
  image: string;
  containerImage: string;
  /** Data volume of a member in GiB. */
  volumeSize: number;
  volumeType?: string;
}

/** The router mesh's share of a messaging backend. */
export interface MeshArgs {
  /** Interior routers, 1 to 64. Default 3. */
  interior: number;
  flavor: string;
  image: string;
  containerImage: string;
}

export interface MessagingBackendArgs extends Omit<MessagingServerArgs, "flavor" | "image" | "clientGroupId"> {
  /** `vanilla` or `hybrid`. Changing it adds or removes the mesh and changes the RPC transport URLs. */
  mode: string;
  /** OpenStack release of the services that use the backend; decides what is possible. */
  release: string;
  /** Services that get a user each, such as `nova`. REPLACES the servers, one after the other. */
  services: string[];
  broker: BrokerArgs;
  /** Needed when `mode` is `hybrid`. */
  mesh?: MeshArgs;
}

/** Transports for RPC and notifications, and a security group that lets a service's servers reach them. */
export class MessagingBackend extends pulumi.ComponentResource {
  /** Attach this group to servers that use the backend. */
  readonly clientGroupId: pulumi.Output<string>;
  /** `transport_url` for RPC, by service; secret. */
  readonly rpcTransportUrls: pulumi.Output<Record<string, string>>;
  /** `[oslo_messaging_notifications] transport_url`, by service; secret. */
  readonly notificationTransportUrls: pulumi.Output<Record<string, string>>;
  readonly brokerEndpoints: pulumi.Output<string[]>;
  /** Empty in `vanilla` mode. */
  readonly routerEndpoints: pulumi.Output<string[]>;
  /** The authority that clients must trust, as PEM. */
  readonly caPem: pulumi.Output<string>;

  constructor(name: string, args: MessagingBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:MessagingBackend", name, {}, opts);
    const mesh = meshOf(args);
    const clients = createClientGroup(this, name, args);
    const authority = new CertificateAuthority(
      `${name}-ca`,
      { commonName: resourceName(args.prefix, "messaging") },
      { parent: this },
    );
    const users = createUsers(this, name, args.services);
    const shared = { ...args, clientGroupId: clients.groupId, users, authority };
    const brokers = new BrokerCluster(
      `${name}-broker`,
      { ...shared, ...args.broker, vhost: CLIENT_VHOST },
      { parent: this },
    );
    const routers = mesh && new RouterMesh(`${name}-router`, { ...shared, ...mesh }, { parent: this });

    this.clientGroupId = clients.groupId;
    this.brokerEndpoints = brokers.endpoints;
    this.routerEndpoints = routers?.endpoints ?? pulumi.output([]);
    this.notificationTransportUrls = urlsOf("rabbit", brokers.endpoints, users);
    this.rpcTransportUrls = routers ? urlsOf("amqp", routers.endpoints, users) : this.notificationTransportUrls;
    this.caPem = authority.caPem;
    this.registerOutputs({
      clientGroupId: this.clientGroupId,
      brokerEndpoints: this.brokerEndpoints,
      routerEndpoints: this.routerEndpoints,
      notificationTransportUrls: this.notificationTransportUrls,
      rpcTransportUrls: this.rpcTransportUrls,
      caPem: this.caPem,
    });
  }
}

/** The mesh to build, if the mode has one; refuses what the release cannot do. */
function meshOf(args: MessagingBackendArgs): MeshArgs | undefined {
  const mode = MESSAGING_MODES.find((candidate) => candidate === args.mode);
  if (mode === undefined) {
    throw new UserError(`\`messaging.mode\` must be one of ${MESSAGING_MODES.join(", ")}, got "${args.mode}".`);
  }
  checkMode(mode, asRelease(args.release, "messaging.release"));
  if (mode === "vanilla") return undefined;
  if (args.mesh === undefined) throw new UserError('`messaging.rpc` is missing: mode "hybrid" needs a router mesh.');
  return args.mesh;
}

function createClientGroup(parent: MessagingBackend, name: string, args: MessagingBackendArgs): SecurityGroup {
  return new SecurityGroup(
    `${name}-clients`,
    {
      groupName: resourceName(args.prefix, "messaging-clients"),
      description: "Members may connect to brokers and routers",
      ingress: [],
      stack: args.stack,
    },
    { parent },
  );
}

function createUsers(
  parent: MessagingBackend,
  name: string,
  services: readonly string[],
): pulumi.Output<Record<string, string>> {
  const entries = [...services].sort().map((service): [string, pulumi.Output<string>] => {
    const password = new RandomPassword(`${name}-user-${service}`, { length: 32, special: false }, { parent });
    return [service, password.result];
  });
  return pulumi.secret(Object.fromEntries(entries));
}

function urlsOf(
  driver: "rabbit" | "amqp",
  endpoints: pulumi.Output<string[]>,
  users: pulumi.Output<Record<string, string>>,
): pulumi.Output<Record<string, string>> {
  const urls = pulumi.all([endpoints, users]).apply(([hosts, passwords]) =>
    Object.fromEntries(
      Object.entries(passwords).map(([user, password]) => [
        user,
        transportUrl({
          driver,
          hosts: hosts.map((host) => host.replace(/:\d+$/, "")),
          user,
          password,
          vhost: CLIENT_VHOST,
        }),
      ]),
    ),
  );
  return pulumi.secret(urls);
}
