import type { DriverName } from "../../components/messaging/backend/drivers";
import { hasDriver } from "../../components/messaging/backend/drivers";
import type { OptionValue } from "../../components/oslo/ini";
import type { ServiceConfigRequest } from "../../components/oslo/serviceConfig";
import { SERVICES } from "../../components/oslo/services";
import { type Release, RELEASES } from "../../components/releases";

/** A password with every character that some parser on the way could take for its own. */
export const NASTY = `a$b$$c\${d}%e%(f)s"g'h#i;j\\k=l:m,n@o/p q`;

const PORTS: Partial<Record<DriverName, number>> = { rabbit: 5671, amqp: 5671, kafka: 9093, zmq: 6379 };

/** The transport URL of a service with that password, on two hosts. */
export function urlOf(driver: DriverName, user: string, password = NASTY): string {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const hosts = ["one", "two"].map((host) => `${login}@${host}.example.org:${PORTS[driver]}`);
  return `${driver === "zmq" ? "zmq+redis" : driver}://${hosts.join(",")}/openstack`;
}

/** Drivers for RPC and notifications that a release has together. */
export function pairsOf(release: Release): { rpc: DriverName; notifications: DriverName }[] {
  const pairs: { rpc: DriverName; notifications: DriverName }[] = [
    { rpc: "rabbit", notifications: "rabbit" },
    { rpc: "rabbit", notifications: "kafka" },
    { rpc: "amqp", notifications: "rabbit" },
    { rpc: "amqp", notifications: "amqp" },
    { rpc: "zmq", notifications: "rabbit" },
  ];
  return pairs.filter((pair) => hasDriver(pair.rpc, release) && hasDriver(pair.notifications, release));
}

export const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

export function requestFor(
  service: string,
  release: Release,
  pair: { rpc: DriverName; notifications: DriverName },
  settings: ServiceConfigRequest["settings"] = {},
): ServiceConfigRequest {
  return {
    service,
    release,
    rpc: { driver: pair.rpc, url: urlOf(pair.rpc, service), caPem: CA },
    notifications: { driver: pair.notifications, url: urlOf(pair.notifications, service), caPem: CA },
    settings,
  };
}

/** Every service, at every release, with every pair of drivers. */
export function everyRequest(releases: readonly Release[] = RELEASES): ServiceConfigRequest[] {
  return releases.flatMap((release) =>
    pairsOf(release).flatMap((pair) =>
      [...Object.keys(SERVICES), "telemetry"].map((service) => requestFor(service, release, pair)),
    ),
  );
}

/** Sections that a file sets, by plain reading: enough to see what was written. */
export function sectionsIn(content: string): Record<string, Record<string, OptionValue>> {
  const sections: Record<string, Record<string, OptionValue>> = {};
  let current: Record<string, OptionValue> = {};
  for (const line of content.split("\n")) {
    const header = /^\[(.+)\]$/.exec(line)?.[1];
    if (header !== undefined) sections[header] = current = {};
    const [, name, value] = /^([a-z_]+) = (.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) current[name] = value;
  }
  return sections;
}
