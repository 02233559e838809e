import { createHash } from "node:crypto";

import { PORTS } from "../../servers/ports";
import type { BrokerClusterPlan } from "../plan";

/** Where a broker's files lie on the server and, mounted read-only, in the container. */
export const RABBITMQ_DIR = "/etc/rabbitmq";

const TLS = `${RABBITMQ_DIR}/tls`;

/** `rabbitmq.conf` of a cluster: TLS only, quorum queues by default, formation from the plan. */
export function renderRabbitmqConf(plan: BrokerClusterPlan): string {
  const settings: [string, string | number][] = [
    ["listeners.tcp", "none"],
    ["listeners.ssl.default", PORTS.amqps],
    ...tlsSettings("ssl_options"),
    ["prometheus.ssl.port", PORTS.rabbitPrometheus],
    ...tlsSettings("prometheus.ssl").filter(([key]) => /file$/.test(key)),
    ["cluster_formation.peer_discovery_backend", "classic_config"],
    // The first member alone is the seed, so that growing the cluster changes no server that is there.
    ...plan.members
      .slice(0, 1)
      .map(({ hostName }): [string, string] => ["cluster_formation.classic_config.nodes.1", `rabbit@${hostName}`]),
    ["cluster_partition_handling", "pause_minority"],
    ["default_queue_type", "quorum"],
    ["definitions.import_backend", "local_filesystem"],
    ["definitions.local.path", `${RABBITMQ_DIR}/definitions.json`],
    ["definitions.skip_if_unchanged", "true"],
    ["loopback_users.guest", "true"],
    ["log.console", "true"],
  ];
  return settings.map(([key, value]) => `${key} = ${value}`).join("\n") + "\n";
}

function tlsSettings(prefix: string): [string, string][] {
  return [
    [`${prefix}.cacertfile`, `${TLS}/ca.pem`],
    [`${prefix}.certfile`, `${TLS}/cert.pem`],
    [`${prefix}.keyfile`, `${TLS}/key.pem`],
    [`${prefix}.versions.1`, "tlsv1.3"],
    [`${prefix}.versions.2`, "tlsv1.2"],
    // Clients prove themselves by user and password; a certificate of theirs is checked where they send one.
    [`${prefix}.verify`, "verify_peer"],
    [`${prefix}.fail_if_no_peer_cert`, "false"],
  ];
}

/** Options of Erlang's distribution over mutual TLS. */
export function renderInterNodeTls(): string {
  const common = `{cacertfile, "${TLS}/ca.pem"}, {certfile, "${TLS}/cert.pem"}, {keyfile, "${TLS}/key.pem"}, {verify, verify_peer}`;
  return `[{server, [${common}, {fail_if_no_peer_cert, true}]},\n {client, [${common}]}].\n`;
}

/** Environment that puts inter-node traffic and the command-line tools on TLS. */
export function renderRabbitmqEnv(hostName: string): string {
  const dist = `-proto_dist inet_tls -ssl_dist_optfile ${RABBITMQ_DIR}/inter_node_tls.config`;
  return [`NODENAME=rabbit@${hostName}`, `SERVER_ADDITIONAL_ERL_ARGS="${dist}"`, `CTL_ERL_ARGS="${dist}"`, ""].join(
    "\n",
  );
}

export interface BrokerUser {
  name: string;
  password: string;
  tags?: readonly string[];
}

/** Definitions that the broker imports when it boots: virtual hosts, users by hash, permissions. */
export function renderDefinitions(vhost: string, users: readonly BrokerUser[]): string {
  const definitions = {
    vhosts: [{ name: vhost, default_queue_type: "quorum" }],
    users: users.map((user) => ({
      name: user.name,
      password_hash: rabbitPasswordHash(user.password, user.name),
      hashing_algorithm: "rabbit_password_hashing_sha256",
      tags: [...(user.tags ?? [])],
    })),
    permissions: users.map((user) => ({ user: user.name, vhost, configure: ".*", write: ".*", read: ".*" })),
  };
  return JSON.stringify(definitions, undefined, 2) + "\n";
}

/**
 * RabbitMQ's salted SHA-256 (https://www.rabbitmq.com/docs/passwords): base64 of salt and hash. The salt comes from
 * the user's name, not from chance: a preview must give the same text twice.
 */
export function rabbitPasswordHash(password: string, userName: string): string {
  const salt = createHash("sha256").update(`salt:${userName}`).digest().subarray(0, 4);
  const hash = createHash("sha256")
    .update(Buffer.concat([salt, Buffer.from(password, "utf8")]))
    .digest();
  return Buffer.concat([salt, hash]).toString("base64");
}
