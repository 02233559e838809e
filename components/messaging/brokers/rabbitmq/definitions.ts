import { createHash } from "node:crypto";

import { DEFAULT_RABBITMQ, isAtLeast, type RabbitmqVersion } from "./version";

export interface BrokerUser {
  name: string;
  password: string;
  /** RabbitMQ's tags, such as `monitoring`. Default: none, so that a service can manage nothing. */
  tags?: readonly string[];
  /** Virtual hosts that the user may use. Default: the services'. `[]` for a user that only watches. */
  vhosts?: readonly string[];
}

/**
 * What a service may do in its virtual host: use everything but the broker's own `amq.*`, of which only the default
 * exchange (`amq.default`) may be published to, since replies go over it. So nobody can bind to `amq.rabbitmq.trace`
 * and read what others send. Finer fences do not hold: RPC topics carry no service's name, they differ by release,
 * and notifications are for others to read. A virtual host per service isolates services from each other.
 * https://www.rabbitmq.com/docs/access-control#authorisation
 */
const SERVICE_ACCESS = {
  configure: "^(?!amq\\.).*",
  write: "^(?!amq\\.(?!default$)).*",
  read: "^(?!amq\\.).*",
} as const;

/**
 * Queues of notifications never drop a message: 4.x drops one that was returned 20 times where nothing else is said.
 * https://www.rabbitmq.com/docs/quorum-queues#poison-message-handling
 */
const NOTIFICATIONS_POLICY = {
  name: "notifications-are-kept",
  pattern: "^(versioned_)?notifications\\.",
  "apply-to": "queues",
  priority: 0,
  definition: { "delivery-limit": -1 },
} as const;

/** Definitions that the broker imports when it boots: virtual hosts, users by hash, permissions, policies. */
export function renderDefinitions(
  vhost: string,
  users: readonly BrokerUser[],
  version: RabbitmqVersion = DEFAULT_RABBITMQ,
): string {
  const vhosts = [...new Set([vhost, ...users.flatMap((user) => user.vhosts ?? [])])].sort();
  const definitions = {
    // The default type counts below `metadata` only, in all versions up to 4.1 (`add_vhost` in rabbit_definitions.erl).
    vhosts: vhosts.map((name) => ({ name, metadata: { default_queue_type: "quorum", description: "", tags: [] } })),
    users: users.map((user) => ({
      name: user.name,
      password_hash: rabbitPasswordHash(user.password, user.name),
      hashing_algorithm: "rabbit_password_hashing_sha256",
      tags: [...(user.tags ?? [])],
    })),
    permissions: users.flatMap((user) =>
      (user.vhosts ?? [vhost]).map((name) => ({ user: user.name, vhost: name, ...SERVICE_ACCESS })),
    ),
    policies: isAtLeast(version, "4.0") ? vhosts.map((name) => ({ vhost: name, ...NOTIFICATIONS_POLICY })) : [],
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
