import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../../errors";
import { resourceName } from "../../names";
import { SecurityGroup } from "../../network/SecurityGroup";
import { asRelease } from "../../releases";
import { BrokerCluster, type BrokerClusterArgs } from "../brokers/BrokerCluster";
import { CLIENT_VHOST } from "../mesh/policy";
import { type HostEntry, RouterMesh, type RouterMeshArgs } from "../mesh/RouterMesh";
import { type Authority, CertificateAuthority } from "../servers/CertificateAuthority";
import { PORTS } from "../servers/ports";
import type { MessagingServerArgs } from "../servers/serverArgs";
import type { DriverName } from "./drivers";
import { type Accepted, asMode, type BackendPlan, planBackend } from "./matrix";
import { createUsers, only, type Secrets, urlsOf } from "./Users";

/** What the backend itself gives to its clusters. */
type Given = Exclude<keyof MessagingServerArgs, "flavor" | "imageId"> | "users" | "authority" | "vhost";

/** A new broker cluster. */
export type BrokerArgs = Omit<BrokerClusterArgs, Given>;

/** The router mesh. */
export type MeshArgs = Omit<RouterMeshArgs, Given>;

/** Brokers that are there already. */
export interface ExternalBrokers {
  kind: BrokerClusterArgs["kind"];
  /** `host:port`, with TLS. In place. */
  endpoints: string[];
  vhost: string;
  /** Password by service. In place. */
  users: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Authority of the brokers' certificates, as PEM. Default: the system's. */
  caPem?: string;
}

export interface MessagingBackendArgs extends Omit<MessagingServerArgs, "flavor" | "imageId" | "clientGroupId"> {
  /** `vanilla`, `hybrid` or `direct`. Changing it adds or removes the mesh and changes the RPC transport URLs. */
  mode: string;
  /** OpenStack release of the services that use the backend; decides what is possible. */
  release: string;
  /** Services that get a user each, such as `nova`. REPLACES the servers, one after the other. */
  services: string[];
  /** Users of the mesh that speak AMQP 1.0 themselves. REPLACES the routers. Default: none. */
  applications?: string[];
  broker: BrokerArgs | ExternalBrokers;
  /** Needed when `mode` is `hybrid`, or for `applications`. */
  mesh?: MeshArgs;
  /** Redis by which ZeroMQ's peers find each other, as `host:port`; needed when `mode` is `direct`. */
  matchmaker?: { endpoint: string; password: pulumi.Input<string> };
  /** Promises that are given up knowingly. Default: none. */
  accept?: readonly Accepted[];
  /** Authority that signs all certificates. Default: one of the backend's own. REPLACES all servers. */
  authority?: Authority;
}

/** Transports for RPC and notifications, and a security group that lets a service's servers reach them. */
export class MessagingBackend extends pulumi.ComponentResource {
  /** Attach this group to servers that use the backend. */
  readonly clientGroupId: pulumi.Output<string>;
  /** `transport_url` for RPC, by service; secret. */
  readonly rpcTransportUrls: Secrets;
  /** `[oslo_messaging_notifications] transport_url`, by service; secret. */
  readonly notificationTransportUrls: Secrets;
  /** AMQP 1.0 URLs of the mesh, by application; secret. */
  readonly applicationUrls: Secrets;
  readonly brokerEndpoints: pulumi.Output<string[]>;
  /** Names and addresses of new brokers: Artemis' clients check the names in their certificates. */
  readonly brokerEntries: pulumi.Output<HostEntry[]>;
  /** Empty without a mesh. */
  readonly routerEndpoints: pulumi.Output<string[]>;
  /** Names and addresses of the routers: clients check the names in their certificates. */
  readonly routerEntries: pulumi.Output<HostEntry[]>;
  /** The authority that clients must trust, as PEM. */
  readonly caPem: pulumi.Output<string>;

  constructor(name: string, args: MessagingBackendArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:MessagingBackend", name, {}, opts);
    const drivers = driversOf(args);
    const external = "endpoints" in args.broker ? args.broker : undefined;
    const clients = createClientGroup(this, name, args);
    const authority = args.authority ?? createAuthority(this, name, args);
    const users = createUsers(this, name, [...args.services, ...(args.applications ?? [])]);
    const services = external ? pulumi.secret(external.users) : only(users, args.services);
    const shared = { ...args, clientGroupId: clients.groupId, authority };
    const brokers = createBrokers(this, name, args.broker, { ...shared, users: services });
    const mesh = meshOf(args, drivers.rpc);
    const routers = mesh && new RouterMesh(`${name}-router`, { ...shared, ...mesh, users }, { parent: this });

    this.clientGroupId = clients.groupId;
    this.brokerEndpoints = brokers?.endpoints ?? pulumi.output(external?.endpoints ?? []);
    this.brokerEntries = brokers?.entries ?? pulumi.output([]);
    this.routerEndpoints = routers?.endpoints ?? pulumi.output([]);
    this.routerEntries = routers?.entries ?? pulumi.output([]);
    // By name: the AMQP 1.0 driver checks the name in a router's certificate.
    const byName = this.routerEntries.apply((all) => all.map(({ hostName }) => `${hostName}:${PORTS.amqps}`));
    const vhost = external?.vhost ?? CLIENT_VHOST;
    this.notificationTransportUrls = urlsOf(drivers.notifications, this.brokerEndpoints, services, vhost);
    this.rpcTransportUrls =
      rpcUrls(args, drivers.rpc, only(users, args.services), byName) ?? this.notificationTransportUrls;
    this.applicationUrls = urlsOf("amqp", byName, only(users, args.applications ?? []), CLIENT_VHOST);
    this.caPem = pulumi.output(authority.caPem);
    this.registerOutputs({
      clientGroupId: this.clientGroupId,
      brokerEndpoints: this.brokerEndpoints,
      brokerEntries: this.brokerEntries,
      routerEndpoints: this.routerEndpoints,
      routerEntries: this.routerEntries,
      notificationTransportUrls: this.notificationTransportUrls,
      rpcTransportUrls: this.rpcTransportUrls,
      applicationUrls: this.applicationUrls,
      caPem: this.caPem,
    });
  }
}

function driversOf(args: MessagingBackendArgs): BackendPlan {
  return planBackend({
    mode: asMode(args.mode),
    release: asRelease(args.release, "messaging.release"),
    broker: args.broker.kind,
    accept: args.accept,
  });
}

/** New brokers, unless they are there already. */
function createBrokers(
  parent: MessagingBackend,
  name: string,
  broker: MessagingBackendArgs["broker"],
  shared: Omit<BrokerClusterArgs, keyof BrokerArgs | "vhost">,
): BrokerCluster | undefined {
  if ("endpoints" in broker) return undefined;
  return new BrokerCluster(`${name}-broker`, { ...shared, ...broker, vhost: CLIENT_VHOST }, { parent });
}

/** The mesh to build, if anyone uses one. */
function meshOf(args: MessagingBackendArgs, rpc: DriverName): MeshArgs | undefined {
  const wanted = args.mode === "hybrid" || (args.applications ?? []).length > 0;
  if (rpc === "zmq" && args.matchmaker === undefined) {
    throw new UserError('`messaging.matchmaker` is missing: mode "direct" finds its peers in Redis.');
  }
  if (!wanted) return undefined;
  if (args.mesh === undefined) {
    throw new UserError('`messaging.rpc` is missing: mode "hybrid" and `messaging.applications` need a router mesh.');
  }
  return args.mesh;
}

/** URLs for RPC where it does not go over the broker. */
function rpcUrls(
  args: MessagingBackendArgs,
  driver: DriverName,
  users: Secrets,
  routers: pulumi.Output<string[]>,
): Secrets | undefined {
  if (args.mode === "hybrid") return urlsOf(driver, routers, users, CLIENT_VHOST);
  if (args.matchmaker === undefined || args.mode !== "direct") return undefined;
  const { endpoint, password } = args.matchmaker;
  const redis = pulumi
    .output(password)
    .apply((secret) => Object.fromEntries(args.services.map((service) => [service, secret])));
  return urlsOf(driver, pulumi.output([endpoint]), redis, "");
}

function createAuthority(parent: MessagingBackend, name: string, args: MessagingBackendArgs): CertificateAuthority {
  return new CertificateAuthority(`${name}-ca`, { commonName: resourceName(args.prefix, "messaging") }, { parent });
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
