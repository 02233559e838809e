import { createHash } from "node:crypto";

import type { Placement } from "../../servers/placement";
import { PORTS } from "../../servers/ports";
import type { BrokerClusterPlan } from "../plan";

/** Where a broker's files lie on the server and, mounted read-only, in the container. */
export const KAFKA_DIR = "/etc/kafka/fabric";
/** The data volume, at the same place in both. */
export const KAFKA_DATA = "/var/lib/kafka";
/** What clients log in by: the password never crosses the link, and the brokers keep a salted hash of it. */
export const KAFKA_SASL_MECHANISM = "SCRAM-SHA-512" as const;

/** Copies of every partition, where there are as many members. */
const REPLICAS = 3;
/** Copies that must have a message before it is acknowledged: one server may be away, and nothing is lost with it. */
const MIN_IN_SYNC = 2;
/** Partitions of a topic that a service makes by using it: as many consumers can share its load. */
const PARTITIONS = 3;
/** Members whose controllers new or restarted ones ask who leads; the smallest cluster with a quorum. */
const BOOTSTRAP_MEMBERS = 3;

type Setting = [string, string | number | boolean];

/** A member's number in Kafka, from its place in the plan: 1 to 7. */
export function nodeId(member: Pick<Placement, "key">): number {
  return Number(member.key);
}

/** The member that founds the cluster; all others join it, so that growing changes no server that is there. */
export function isFounder(plan: BrokerClusterPlan, member: Pick<Placement, "hostName">): boolean {
  return plan.members[0]?.hostName === member.hostName;
}

/**
 * The cluster's id: 16 bytes as Kafka writes them (base64 for URLs), from the cluster's secret. The first bit is
 * cleared, for an id that begins with a hyphen would be taken for an option on the command line.
 */
export function clusterId(secret: string): string {
  const bytes = createHash("sha256").update(`kafka-cluster-id:${secret}`).digest().subarray(0, 16);
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0);
  return bytes.toString("base64url");
}

/** `server.properties` of a member that is broker and controller in one. */
export function renderServerProperties(plan: BrokerClusterPlan, member: Placement): string {
  return renderProperties([
    ["process.roles", "broker,controller"],
    ["node.id", nodeId(member)],
    ...listenerSettings(member),
    ...quorumSettings(plan),
    ...tlsSettings(),
    // Clients prove themselves by user and password, members by their certificates.
    ["listener.name.clients.ssl.client.auth", "none"],
    ["ssl.client.auth", "required"],
    ["listener.name.clients.sasl.enabled.mechanisms", KAFKA_SASL_MECHANISM],
    [
      `listener.name.clients.${KAFKA_SASL_MECHANISM.toLowerCase()}.sasl.jaas.config`,
      "org.apache.kafka.common.security.scram.ScramLoginModule required;",
    ],
    ["authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"],
    ["allow.everyone.if.no.acl.found", false],
    ["super.users", plan.hosts.map(({ hostName }) => `User:CN=${hostName}`).join(";")],
    ...durabilitySettings(plan),
  ]);
}

function listenerSettings({ address, hostName }: Placement): Setting[] {
  const [clients, members] = [PORTS.kafka, PORTS.kafkaReplication];
  return [
    [
      "listeners",
      `CLIENTS://0.0.0.0:${clients},MEMBERS://0.0.0.0:${members},CONTROLLER://0.0.0.0:${PORTS.kafkaController}`,
    ],
    // Clients are told addresses, as in their transport URLs: they may have no names for the brokers.
    [
      "advertised.listeners",
      `CLIENTS://${address}:${clients},MEMBERS://${hostName}:${members},CONTROLLER://${hostName}:${PORTS.kafkaController}`,
    ],
    ["listener.security.protocol.map", "CLIENTS:SASL_SSL,MEMBERS:SSL,CONTROLLER:SSL"],
    ["inter.broker.listener.name", "MEMBERS"],
    ["controller.listener.names", "CONTROLLER"],
  ];
}

function quorumSettings(plan: BrokerClusterPlan): Setting[] {
  const known = plan.hosts.slice(0, BOOTSTRAP_MEMBERS);
  return [
    [
      "controller.quorum.bootstrap.servers",
      known.map(({ hostName }) => `${hostName}:${PORTS.kafkaController}`).join(","),
    ],
    // KIP-853: a member's controller joins the quorum by itself, and again after it has lost its disk.
    ["controller.quorum.auto.join.enable", true],
  ];
}

function tlsSettings(): Setting[] {
  return [
    ["ssl.keystore.type", "PEM"],
    ["ssl.keystore.location", `${KAFKA_DIR}/tls/keystore.pem`],
    ["ssl.truststore.type", "PEM"],
    ["ssl.truststore.location", `${KAFKA_DIR}/tls/ca.pem`],
    ["ssl.enabled.protocols", "TLSv1.3,TLSv1.2"],
    ["ssl.endpoint.identification.algorithm", "https"],
  ];
}

function durabilitySettings(plan: BrokerClusterPlan): Setting[] {
  const replicas = Math.min(REPLICAS, plan.members.length);
  const inSync = Math.min(MIN_IN_SYNC, plan.members.length);
  return [
    ["log.dirs", `${KAFKA_DATA}/log`],
    ["num.partitions", PARTITIONS],
    ["auto.create.topics.enable", true],
    ["default.replication.factor", replicas],
    ["min.insync.replicas", inSync],
    ["unclean.leader.election.enable", false],
    ["offsets.topic.replication.factor", replicas],
    ["transaction.state.log.replication.factor", replicas],
    ["transaction.state.log.min.isr", inSync],
    ["share.coordinator.state.topic.replication.factor", replicas],
    ["share.coordinator.state.topic.min.isr", inSync],
  ];
}

/** What the command-line tools need to act as this member, who may do everything. */
export function renderAdminProperties(): string {
  return renderProperties([["security.protocol", "SSL"], ...tlsSettings()]);
}

/** A user's credential for `kafka-configs.sh --add-config-file`; Kafka keeps a salted hash of it. */
export function renderCredential(password: string): string {
  // A file of Java properties: backslashes begin escapes.
  return `${KAFKA_SASL_MECHANISM}=iterations=8192,password=${password.replaceAll("\\", "\\\\")}\n`;
}

function renderProperties(settings: readonly Setting[]): string {
  return settings.map(([key, value]) => `${key}=${value}`).join("\n") + "\n";
}
