import { PORTS } from "../../servers/ports";
import type { BrokerClusterPlan } from "../plan";
import { DEFAULT_RABBITMQ, isAtLeast, type RabbitmqVersion } from "./version";

export { type BrokerUser, rabbitPasswordHash, renderDefinitions } from "./definitions";

/** Where a broker's files lie on the server and, mounted read-only, in the container. */
export const RABBITMQ_DIR = "/etc/rabbitmq";

const TLS = `${RABBITMQ_DIR}/tls`;

/** Members of a queue or stream when it is declared; `fabric-members` adds the others. Source: RabbitMQ's default. */
export const INITIAL_GROUP_SIZE = 3;

/** A key of `rabbitmq.conf`, its value, and the versions that know it: an unknown key keeps the broker from starting. */
interface Setting {
  key: string;
  value: string | number;
  /** First version with the key. Default: all that are supported. */
  since?: string;
  /** First version without it. */
  until?: string;
}

const setting = (key: string, value: string | number, versions: Pick<Setting, "since" | "until"> = {}): Setting => ({
  key,
  value,
  ...versions,
});

/**
 * `rabbitmq.conf` of a member: TLS only, quorum queues by default, formation from the plan. The same text whatever the
 * cluster's size, so that growing it changes no server. Without `hostName` it is that of a member that joins the first.
 * Versions of keys: `rabbit.schema` of RabbitMQ's releases.
 */
export function renderRabbitmqConf(
  plan: BrokerClusterPlan,
  version: RabbitmqVersion = DEFAULT_RABBITMQ,
  hostName?: string,
): string {
  const known = [...listeners(), ...formation(plan, hostName), ...queues(), ...limits(), ...access()].filter(
    ({ since, until }) =>
      (since === undefined || isAtLeast(version, since)) && (until === undefined || !isAtLeast(version, until)),
  );
  return known.map(({ key, value }) => `${key} = ${value}`).join("\n") + "\n";
}

function listeners(): Setting[] {
  return [
    setting("listeners.tcp", "none"),
    setting("listeners.ssl.default", PORTS.amqps),
    ...tlsSettings("ssl_options"),
    // Clients prove themselves by user and password; a certificate of theirs is checked where they send one.
    setting("ssl_options.verify", "verify_peer"),
    setting("ssl_options.fail_if_no_peer_cert", "false"),
    // Where this listener is configured, the plugin opens none without TLS.
    setting("prometheus.ssl.port", PORTS.rabbitPrometheus),
    ...tlsSettings("prometheus.ssl"),
  ];
}

function tlsSettings(prefix: string): Setting[] {
  return [
    setting(`${prefix}.cacertfile`, `${TLS}/ca.pem`),
    setting(`${prefix}.certfile`, `${TLS}/cert.pem`),
    setting(`${prefix}.keyfile`, `${TLS}/key.pem`),
    setting(`${prefix}.versions.1`, "tlsv1.3"),
    setting(`${prefix}.versions.2`, "tlsv1.2"),
  ];
}

/**
 * Whom a member without data looks for. All look for the first one, so that growing changes no server. The first looks
 * for all that can ever be: it begins a cluster when none of them answers for half a minute (4.x: at once), and joins
 * theirs where it has lost its data, since a second cluster of the same name would take clients in. RabbitMQ begins a
 * cluster of its own when it has tried often enough; so the others try for an hour. On 4.x they must also not boot before
 * the first serves: of two nodes without data each would take the one that booted first.
 */
function formation(plan: BrokerClusterPlan, hostName: string | undefined): Setting[] {
  const seed = plan.members[0]?.hostName;
  const isSeed = seed !== undefined && hostName === seed;
  const sought = isSeed ? plan.hosts : plan.members.slice(0, 1);
  return [
    setting("cluster_formation.peer_discovery_backend", "classic_config"),
    ...sought.map((host, index) =>
      setting(`cluster_formation.classic_config.nodes.${index + 1}`, `rabbit@${host.hostName}`),
    ),
    // The seed gives up after half a minute and founds the cluster: a member that runs has answered by then. Few tries far
    // apart, since each waits three seconds for every member whose address does not answer.
    setting("cluster_formation.discovery_retry_limit", isSeed ? 2 : 3600),
    setting("cluster_formation.discovery_retry_interval", isSeed ? 15_000 : 1000),
    // Mnesia, and with it this choice, is gone in 4.3. Source: release notes of 4.3.0.
    setting("cluster_partition_handling", "pause_minority", { until: "4.3" }),
  ];
}

function queues(): Setting[] {
  return [
    // Before these versions the virtual host's own default (definitions) does it alone; 3.13.0 to 3.13.2 lack it, too.
    setting("default_queue_type", "quorum", { since: "3.12.14", until: "3.13" }),
    setting("default_queue_type", "quorum", { since: "3.13.3" }),
    setting("quorum_queue.initial_cluster_size", INITIAL_GROUP_SIZE, { since: "4.1" }),
    // Leaders are spread over the nodes, not put where the client happens to be connected.
    setting("queue_leader_locator", "balanced"),
    // oslo.messaging's reply and fan-out queues are transient, unless `rabbit_transient_quorum_queue` is on; 4.3 denies
    // them by default, and every node must permit them before the upgrade. Source: release notes of 4.3.0.
    setting("deprecated_features.permit.transient_nonexcl_queues", "true", { since: "4.0" }),
    setting("definitions.import_backend", "local_filesystem"),
    setting("definitions.local.path", `${RABBITMQ_DIR}/definitions.json`),
    setting("definitions.skip_if_unchanged", "true"),
  ];
}

function limits(): Setting[] {
  return [
    // 4.x's own default, for a server that does nothing else. Source: RabbitMQ, Production checklist (0.4 to 0.7).
    setting("vm_memory_high_watermark.relative", "0.6"),
    // Twice a full write-ahead log of 512 MiB; the default of 50 MB is for development. A share of the memory would
    // block publishers from the beginning where the volume is smaller than the memory.
    setting("disk_free_limit.absolute", "1GiB"),
  ];
}

function access(): Setting[] {
  return [
    // oslo.messaging logs in by AMQPLAIN, most others by PLAIN; 4.x would offer ANONYMOUS, too.
    setting("auth_mechanisms.1", "PLAIN"),
    setting("auth_mechanisms.2", "AMQPLAIN"),
    setting("anonymous_login_user", "none", { since: "4.0" }),
    setting("loopback_users.guest", "true"),
    setting("log.console", "true"),
  ];
}

/** Plugins of a broker; `amqp10` for clients that speak AMQP 1.0, which 4.x speaks by itself. */
export function renderEnabledPlugins(
  version: RabbitmqVersion = DEFAULT_RABBITMQ,
  options: { amqp10?: boolean } = {},
): string {
  const plugins = ["rabbitmq_management_agent", "rabbitmq_prometheus"];
  if (options.amqp10 === true && !isAtLeast(version, "4.0")) plugins.unshift("rabbitmq_amqp1_0");
  return `[${plugins.join(",")}].\n`;
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
