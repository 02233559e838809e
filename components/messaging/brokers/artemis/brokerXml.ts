import { create } from "xmlbuilder2";

import type { Placement } from "../../servers/placement";
import { PORTS } from "../../servers/ports";
import type { BrokerClusterPlan } from "../plan";
import { addressSettings, securitySettings } from "./addresses";

/** The instance as the image's entry point expects it: configuration in `etc`, the starter in `bin`. */
export const ARTEMIS_INSTANCE = "/var/lib/artemis-instance";
/** The data volume. */
export const ARTEMIS_DATA = "/var/lib/artemis-data";

/** The user that members log in with among themselves; it may do everything. */
export const CLUSTER_USER = "fabric-members";

/** Members that every member asks for the others; enough to find all while any two of them are away. */
const SEED_MEMBERS = 3;
/** Milliseconds between tries to reach another member: doubled from the first to the second. */
const RETRY = { interval: 1_000, max: 30_000 };
/** Percent of the data volume beyond which producers are made to wait, before the journal meets a full disk. */
const MAX_DISK_USAGE = 90;
/** Milliseconds of silence after which a client is given up, and its credit with it; clients beat twice as often. */
const IDLE_TIMEOUT_MS = 60_000;

/** TLS of a listener or a link; Netty's options of Artemis, with PEM files (its image has the provider for them). */
const TLS = {
  sslEnabled: true,
  keyStoreType: "PEM",
  keyStorePath: `${ARTEMIS_INSTANCE}/etc/tls/keystore.pem`,
  trustStoreType: "PEMCA",
  trustStorePath: `${ARTEMIS_INSTANCE}/etc/tls/ca.pem`,
  enabledProtocols: "TLSv1.3,TLSv1.2",
};

/** URL of a member for other members, by mutual TLS with the name in its certificate checked. */
export function memberUrl(hostName: string): string {
  return url(hostName, PORTS.artemisCluster, { ...TLS, verifyHost: true });
}

/**
 * `broker.xml` of a member. Every member serves, keeps its messages on its own volume, and forwards to where consumers
 * are. There are no replicating backups: Artemis' own quorum vote needs three pairs, its lock manager a ZooKeeper, and
 * less than either splits. So what a member holds waits for it while it is away, and is as safe as its volume.
 */
export function renderBrokerXml(plan: BrokerClusterPlan, member: Placement, clusterPassword: string): string {
  const seeds = plan.hosts.slice(0, SEED_MEMBERS).filter(({ hostName }) => hostName !== member.hostName);
  const core = {
    "@xmlns": "urn:activemq:core",
    name: member.hostName,
    ...storage(),
    // Nothing is asked by JMX: checks ask by the members' listener, as the members' user.
    "jmx-management-enabled": false,
    "cluster-user": CLUSTER_USER,
    "cluster-password": clusterPassword,
    // oslo.messaging's addresses are paths.
    "wildcard-addresses": { "routing-enabled": false, delimiter: "/" },
    connectors: {
      connector: [{ hostName: member.hostName }, ...seeds].map(({ hostName }) => ({
        "@name": hostName,
        "#": memberUrl(hostName),
      })),
    },
    acceptors: { acceptor: acceptors() },
    "cluster-connections": { "cluster-connection": clusterConnection(member, seeds) },
    "ha-policy": { "primary-only": { "scale-down": scaleDown(seeds) } },
    "security-settings": { "security-setting": securitySettings() },
    "address-settings": { "address-setting": addressSettings() },
  };
  return create({ version: "1.0", encoding: "UTF-8" })
    .ele({ configuration: { "@xmlns": "urn:activemq", core } })
    .end({ prettyPrint: true })
    .concat("\n");
}

function storage() {
  const folder = (name: string) => `${ARTEMIS_DATA}/${name}`;
  return {
    "persistence-enabled": true,
    // Needs no library of the host's kernel; a message is acknowledged after fdatasync.
    "journal-type": "NIO",
    "journal-datasync": true,
    "journal-pool-files": 10,
    "journal-directory": folder("journal"),
    "bindings-directory": folder("bindings"),
    "large-messages-directory": folder("large-messages"),
    "paging-directory": folder("paging"),
    "max-disk-usage": MAX_DISK_USAGE,
  };
}

function acceptors() {
  const clients = { protocols: "AMQP", saslMechanisms: "PLAIN", amqpIdleTimeout: IDLE_TIMEOUT_MS, ...TLS };
  const members = { protocols: "CORE", needClientAuth: true, ...TLS };
  return [
    { "@name": "amqps", "#": url("0.0.0.0", PORTS.amqps, clients) },
    { "@name": "members", "#": url("0.0.0.0", PORTS.artemisCluster, members) },
  ];
}

function clusterConnection(member: Placement, seeds: readonly { hostName: string }[]) {
  return {
    "@name": "members",
    "connector-ref": member.hostName,
    "retry-interval": RETRY.interval,
    "retry-interval-multiplier": 2,
    "max-retry-interval": RETRY.max,
    // Messages go to where consumers are, and follow them (with `redistribution-delay`).
    "message-load-balancing": "ON_DEMAND",
    "max-hops": 1,
    "static-connectors": { "connector-ref": seeds.map(({ hostName }) => hostName) },
  };
}

/** A member that is stopped in order hands its messages to another one first: none waits for it, or goes with it. */
function scaleDown(seeds: readonly { hostName: string }[]) {
  return { enabled: true, connectors: { "connector-ref": seeds.map(({ hostName }) => hostName) } };
}

function url(host: string, port: number, options: Readonly<Record<string, string | number | boolean>>): string {
  const query = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  return `tcp://${host}:${port}?${query.join(";")}`;
}
