import { UserError } from "../../errors";
import { compareReleases, type Release } from "../../releases";
import { type DriverName, hasDriver, whyGone } from "./drivers";

/**
 * `vanilla`: everything on the broker. `hybrid`: RPC on the router mesh, notifications on the broker.
 * `direct`: RPC from service to service (ZeroMQ), notifications on the broker.
 */
export const MESSAGING_MODES = ["vanilla", "hybrid", "direct"] as const;
export type MessagingMode = (typeof MESSAGING_MODES)[number];

/** Checks a mode's name where it does not come from a validated configuration. */
export function asMode(text: string): MessagingMode {
  const mode = MESSAGING_MODES.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw new UserError(`\`messaging.mode\` must be one of ${MESSAGING_MODES.join(", ")}, got "${text}".`);
}

export const BROKER_KINDS = ["rabbitmq", "artemis", "kafka"] as const;
export type BrokerKind = (typeof BROKER_KINDS)[number];

/** Promises that a user gives up knowingly. */
export const ACCEPTABLE = ["plaintext-rpc", "volatile-notifications"] as const;
export type Accepted = (typeof ACCEPTABLE)[number];

/** The last release whose oslo.messaging (14.9) has the AMQP 1.0 driver; 15.0.0 (2025.1) removed it. */
export const LAST_AMQP1_RELEASE: Release = "2024.2";

/** The first release whose oslo.messaging (12.13.0) has `rabbit_quorum_queue`. */
export const FIRST_QUORUM_RELEASE: Release = "yoga";

export interface BackendRequest {
  mode: MessagingMode;
  /** Release of the services. */
  release: Release;
  broker: BrokerKind;
  accept?: readonly Accepted[];
}

export interface BackendPlan {
  /** Drivers of oslo.messaging, as they stand in transport URLs. */
  rpc: DriverName;
  notifications: DriverName;
}

/** Each broker's own driver. */
const BROKER_DRIVER = { rabbitmq: "rabbit", artemis: "amqp", kafka: "kafka" } as const satisfies Record<
  BrokerKind,
  DriverName
>;

/** Chooses the drivers for RPC and notifications, or says why the combination keeps no promise and what does. */
export function planBackend(request: BackendRequest): BackendPlan {
  const findings = [rpcFinding(request), notificationsFinding(request)].filter((finding) => finding !== undefined);
  if (findings.length > 0) throw UserError.all(findings);
  return { rpc: rpcDriver(request), notifications: BROKER_DRIVER[request.broker] };
}

function rpcDriver({ mode, broker }: BackendRequest): DriverName {
  return { hybrid: "amqp" as const, direct: "zmq" as const, vanilla: BROKER_DRIVER[broker] }[mode];
}

function rpcFinding(request: BackendRequest): string | undefined {
  const { mode, release, broker, accept = [] } = request;
  const driver = rpcDriver(request);
  if (driver === "kafka") {
    return (
      '`messaging.broker.kind` "kafka" cannot carry RPC: oslo.messaging\'s Kafka driver is for notifications only. ' +
      (hasDriver("amqp", release)
        ? 'Take `messaging.mode: "hybrid"` (RPC on the router mesh), or `broker.kind: "rabbitmq"`.'
        : 'Take `broker.kind: "rabbitmq"`.')
    );
  }
  if (driver === "amqp" && !hasDriver("amqp", release)) {
    const what = mode === "hybrid" ? '`messaging.mode` "hybrid"' : `\`messaging.broker.kind\` "${broker}"`;
    return (
      `${what} needs oslo.messaging's AMQP 1.0 driver, which ${release} no longer has (${whyGone("amqp")}). ` +
      `Take ${mode === "hybrid" ? '"vanilla"' : '"rabbitmq"'}, or set \`messaging.release\` to the release of the services ` +
      "that use this backend. Applications that speak AMQP 1.0 themselves can use a mesh at any release: `messaging.applications`."
    );
  }
  if (driver === "zmq" && !hasDriver("zmq", release)) {
    return (
      `\`messaging.mode\` "direct" needs oslo.messaging's ZeroMQ driver, which ${release} no longer has (${whyGone("zmq")}). ` +
      `Take "${hasDriver("amqp", release) ? "hybrid" : "vanilla"}".`
    );
  }
  if (driver === "zmq" && !accept.includes("plaintext-rpc")) {
    return (
      '`messaging.mode` "direct" sends RPC in the clear: the ZeroMQ driver has no TLS. ' +
      'Take "hybrid", or accept it knowingly with `messaging.accept: [plaintext-rpc]`.'
    );
  }
  return undefined;
}

function notificationsFinding({ release, broker, mode, accept = [] }: BackendRequest): string | undefined {
  if (broker !== "artemis") return undefined;
  // In vanilla mode, RPC has said so already.
  if (!hasDriver("amqp", release)) {
    return mode === "vanilla"
      ? undefined
      : `\`messaging.broker.kind\` "artemis" needs oslo.messaging's AMQP 1.0 driver for notifications, which ${release} ` +
          `no longer has (${whyGone("amqp")}). Take "rabbitmq" or "kafka".`;
  }
  if (accept.includes("volatile-notifications")) return undefined;
  return (
    '`messaging.broker.kind` "artemis" loses notifications when a broker is killed: the AMQP 1.0 driver sends them as ' +
    'non-durable messages. Take "rabbitmq" or "kafka" for them, or accept it with `messaging.accept: [volatile-notifications]`.'
  );
}

/** Whether the release can use quorum queues; older ones take what the virtual host makes of their queues. */
export function hasQuorumQueues(release: Release): boolean {
  return compareReleases(release, FIRST_QUORUM_RELEASE) >= 0;
}
