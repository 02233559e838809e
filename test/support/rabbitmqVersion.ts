import { readdirSync } from "node:fs";

import { findRabbitmqVersion, type RabbitmqVersion } from "../../components/messaging/brokers/rabbitmq/version";

/** The version of the installed package, from its folder's name. */
export function installedVersion(): RabbitmqVersion {
  const folders = readdirSync("/usr/lib/rabbitmq/lib").map((name) => findRabbitmqVersion(name.replace(/^.*-/, "")));
  const version = folders.find((found) => found !== undefined);
  if (version === undefined) throw new Error("no RabbitMQ below /usr/lib/rabbitmq/lib");
  return version;
}
