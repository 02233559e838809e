import { createHash, pbkdf2Sync } from "node:crypto";

import type { BrokerUser } from "../rabbitmq/config";
import { SERVICE_ROLE } from "./addresses";
import { ARTEMIS_INSTANCE } from "./brokerXml";

/** PBKDF2 as Artemis' own one-way codec does it. Source: `DefaultSensitiveStringCodec` of Artemis 2.44. */
const HASH = { iterations: 1024, saltBytes: 32, keyBytes: 64, digest: "sha1" };

/**
 * A password's salted hash as Artemis reads it: `ENC(iterations:salt:hash)`. The salt comes from the user's name and
 * the cluster's secret, not from chance: a preview must give the same text twice.
 */
export function artemisPasswordHash({ name, password }: BrokerUser, secret: string): string {
  const salt = createHash("sha256").update(`artemis-salt:${secret}:${name}`).digest().subarray(0, HASH.saltBytes);
  const hash = pbkdf2Sync(password, salt, HASH.iterations, HASH.keyBytes, HASH.digest);
  return `ENC(${HASH.iterations}:${salt.toString("hex").toUpperCase()}:${hash.toString("hex").toUpperCase()})`;
}

/** `artemis-users.properties`. */
export function renderUsers(users: readonly BrokerUser[], secret: string): string {
  return byName(users)
    .map((user) => `${user.name} = ${artemisPasswordHash(user, secret)}\n`)
    .join("");
}

/** `artemis-roles.properties`. */
export function renderRoles(users: readonly BrokerUser[]): string {
  return `${SERVICE_ROLE} = ${byName(users)
    .map(({ name }) => name)
    .join(",")}\n`;
}

/** `login.config`: users and roles from these files, and nobody without a name. */
export function renderLogin(): string {
  return `activemq {
  org.apache.activemq.artemis.spi.core.security.jaas.PropertiesLoginModule required
    baseDir="${ARTEMIS_INSTANCE}/etc"
    org.apache.activemq.jaas.properties.user="artemis-users.properties"
    org.apache.activemq.jaas.properties.role="artemis-roles.properties";
};
`;
}

function byName(users: readonly BrokerUser[]): BrokerUser[] {
  return [...users].sort((a, b) => (a.name < b.name ? -1 : 1));
}
