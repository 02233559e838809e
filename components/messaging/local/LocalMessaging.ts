import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../../errors";
import { resourceName } from "../../names";
import { asRelease } from "../../releases";
import type { DriverName } from "../backend/drivers";
import { type Accepted, asMode, type BackendPlan, planBackend } from "../backend/matrix";
import { createUsers, only, type Secrets, urlsOf } from "../backend/Users";
import { CLIENT_VHOST } from "../mesh/policy";
import { CertificateAuthority } from "../servers/CertificateAuthority";
import type { LocalServerArgs } from "./localArgs";
import { LocalBrokers, type LocalBrokersArgs } from "./LocalBrokers";
import { LocalMesh, type LocalMeshArgs } from "./LocalMesh";

/** What the backend itself gives to its containers. */
type Given = keyof LocalServerArgs | "vhost";

export interface LocalMessagingArgs extends Omit<LocalServerArgs, "users" | "authority"> {
  /** `vanilla` or `hybrid`. Changing it adds or removes the mesh and changes the RPC transport URLs. */
  mode: string;
  /** OpenStack release of the services that use the backend; decides what is possible. */
  release: string;
  /** Services that get a user each, such as `nova`. REPLACES the containers, one after the other. */
  services: string[];
  /** Users of the mesh that speak AMQP 1.0 themselves. REPLACES the routers. Default: none. */
  applications?: string[];
  broker: Omit<LocalBrokersArgs, Given>;
  /** Needed when `mode` is `hybrid`, or for `applications`. */
  mesh?: Omit<LocalMeshArgs, Given>;
  /** Promises that are given up knowingly. Default: none. */
  accept?: readonly Accepted[];
  /** Authority that signs all certificates. Default: one of the backend's own. REPLACES all containers. */
  authority?: LocalServerArgs["authority"];
}

/** The messaging backend's plans as containers of one Docker host; clients are on that host. */
export class LocalMessaging extends pulumi.ComponentResource {
  /** `transport_url` for RPC, by service; secret. */
  readonly rpcTransportUrls: Secrets;
  /** `[oslo_messaging_notifications] transport_url`, by service; secret. */
  readonly notificationTransportUrls: Secrets;
  /** AMQP 1.0 URLs of the mesh, by application; secret. */
  readonly applicationUrls: Secrets;
  /** `address:port` on the Docker host. */
  readonly brokerEndpoints: pulumi.Output<string[]>;
  /** Empty without a mesh. */
  readonly routerEndpoints: pulumi.Output<string[]>;
  /** The authority that clients must trust, as PEM. */
  readonly caPem: pulumi.Output<string>;

  constructor(name: string, args: LocalMessagingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:LocalMessaging", name, {}, opts);
    const drivers = driversOf(args);
    const { services, applications = [] } = args;
    const authority = args.authority ?? createAuthority(this, name, args);
    const users = createUsers(this, name, [...services, ...applications]);
    const shared = { ...args, users, authority, vhost: CLIENT_VHOST };
    const own = { parent: this };
    const brokers = new LocalBrokers(
      `${name}-broker`,
      { ...shared, ...args.broker, users: only(users, services) },
      own,
    );
    const mesh = args.mesh && new LocalMesh(`${name}-router`, { ...shared, ...args.mesh }, own);

    this.brokerEndpoints = brokers.endpoints;
    this.routerEndpoints = mesh?.endpoints ?? pulumi.output([]);
    // By name: the AMQP 1.0 driver checks the name in a router's certificate.
    const byName = this.routerEndpoints.apply((all) => all.map((endpoint) => endpoint.replace(/^.*:/, "localhost:")));
    const urls = (driver: DriverName, of: readonly string[]) =>
      urlsOf(driver, driver === "amqp" ? byName : this.brokerEndpoints, only(users, of), CLIENT_VHOST);
    this.notificationTransportUrls = urls(drivers.notifications, services);
    this.rpcTransportUrls = urls(drivers.rpc, services);
    this.applicationUrls = urls("amqp", applications);
    this.caPem = pulumi.output(authority.caPem);
    this.registerOutputs({
      brokerEndpoints: this.brokerEndpoints,
      routerEndpoints: this.routerEndpoints,
      rpcTransportUrls: this.rpcTransportUrls,
      notificationTransportUrls: this.notificationTransportUrls,
      applicationUrls: this.applicationUrls,
      caPem: this.caPem,
    });
  }
}

function driversOf(args: LocalMessagingArgs): BackendPlan {
  const mode = asMode(args.mode);
  if (args.mesh === undefined && (mode === "hybrid" || (args.applications ?? []).length > 0)) {
    throw new UserError('`messaging.rpc` is missing: mode "hybrid" and `messaging.applications` need a router mesh.');
  }
  const release = asRelease(args.release, "messaging.release");
  return planBackend({ mode, release, broker: "rabbitmq", accept: args.accept });
}

function createAuthority(parent: LocalMessaging, name: string, args: LocalMessagingArgs): CertificateAuthority {
  return new CertificateAuthority(`${name}-ca`, { commonName: resourceName(args.prefix, "messaging") }, { parent });
}
