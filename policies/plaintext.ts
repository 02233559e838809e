/** Addresses that no packet leaves the machine for. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** A sign of a connection in the clear. */
export interface PlaintextSign {
  /** What the text has, in words; nothing that may be a secret. */
  found: string;
  fix: string;
}

/** A way to find connections in the clear in a configuration file of one kind. */
type Detector = (text: string) => PlaintextSign[];

const DETECTORS: readonly Detector[] = [rabbitmq, kafka, artemis, router, transportUrls, osloOptions, registries];

/** Where a text configures connections without TLS. Texts of no known kind have no signs. */
export function plaintextSigns(text: string): PlaintextSign[] {
  return DETECTORS.flatMap((detect) => detect(text));
}

/** Source: RabbitMQ, Networking: `listeners.tcp` is 5672 unless it is `none`; plugins have theirs. */
function rabbitmq(text: string): PlaintextSign[] {
  const lines = text.matchAll(
    /^[ \t]*((?:(?:mqtt|stomp|stream)\.)?listeners\.tcp(?:\.\w+)?|(?:management|prometheus)\.tcp\.port)[ \t]*=[ \t]*(\S+)/gm,
  );
  return [...lines]
    .filter(([, , value = ""]) => value !== "none" && !isLoopback(value.replace(/:\d+$/, "")))
    .map(([, key = "", value = ""]) => ({
      found: `RabbitMQ listens without TLS (\`${key} = ${value}\`)`,
      fix: "set `listeners.tcp = none` and `listeners.ssl.default`, or the plugin's `ssl` settings",
    }));
}

/** Source: Apache Kafka, Security (listeners' protocols). */
function kafka(text: string): PlaintextSign[] {
  const lines = text.matchAll(
    /^[ \t]*(advertised\.listeners|listeners|listener\.security\.protocol\.map|security\.(?:inter\.broker\.)?protocol)[ \t]*=.*?\b((?:SASL_)?PLAINTEXT)\b/gm,
  );
  return [...lines].map(([, key = "", protocol = ""]) => ({
    found: `Kafka speaks ${protocol} (\`${key}\`)`,
    fix: "use SSL or SASL_SSL",
  }));
}

/** Source: ActiveMQ Artemis, Configuring the Transport: without `sslEnabled=true` an acceptor is in the clear. */
function artemis(text: string): PlaintextSign[] {
  const acceptors = text.matchAll(/<acceptor\b[^>]*>\s*tcp:\/\/(\[[^\]]*\]|[^:/?<\s]*)([^<]*)<\/acceptor>/g);
  return [...acceptors]
    .filter(([, host = "", rest = ""]) => !isLoopback(host) && !/[?;&]sslEnabled=true\b/.test(rest))
    .map(([, host]) => ({
      found: `an acceptor of Artemis on ${host} has no \`sslEnabled=true\``,
      fix: "give it `sslEnabled=true` and a key store",
    }));
}

/** Source: skupper-router and qpid-dispatch, management schema: a listener or connector without `sslProfile` is in the clear. */
function router(text: string): PlaintextSign[] {
  if (!/^\s*\[\s*\[\s*"/.test(text)) return [];
  let entities: unknown;
  try {
    entities = JSON.parse(text);
  } catch {
    return [];
  }
  return (Array.isArray(entities) ? (entities as unknown[]) : []).flatMap((entity) => {
    const [kind, settings] = (Array.isArray(entity) ? entity : []) as [unknown, Record<string, unknown>?];
    if ((kind !== "listener" && kind !== "connector") || typeof settings !== "object") return [];
    const { name, host, sslProfile } = settings;
    if (sslProfile !== undefined || (typeof host === "string" && isLoopback(host))) return [];
    return [{ found: `the router's ${kind} "${String(name)}" has no \`sslProfile\``, fix: "give it one" }];
  });
}

/** Ports of brokers in the clear. Sources: IANA (amqp), Apache Kafka's default. */
const CLEAR_PORTS: Readonly<Record<string, string>> = { 5672: "5671", 9092: "9093" };

/** Services' and applications' URLs of brokers whose port is the one without TLS. Passwords are not quoted. */
function transportUrls(text: string): PlaintextSign[] {
  const urls = text.matchAll(/\b(rabbit|kombu|amqp|pyamqp|kafka):\/\/([^\s"'<>]+)/g);
  return [...urls].flatMap(([, scheme = "", rest = ""]) => {
    const hosts = (rest.split(/[/?]/)[0] ?? "").split(",").map((part) => part.slice(part.lastIndexOf("@") + 1));
    const clear = hosts.filter((host) => {
      const [, name = "", port = ""] = /^(.*):(\d+)$/.exec(host) ?? [];
      return port in CLEAR_PORTS && !isLoopback(name);
    });
    const [first] = clear;
    if (first === undefined) return [];
    const port = first.slice(first.lastIndexOf(":") + 1);
    return [
      {
        found: `a ${scheme}:// URL leads to ${first}, the port without TLS`,
        fix: `use port ${CLEAR_PORTS[port] ?? ""} and TLS`,
      },
    ];
  });
}

/** Source: oslo.messaging, Configuration Options (`[oslo_messaging_rabbit] ssl`, `[oslo_messaging_kafka] security_protocol`). */
function osloOptions(text: string): PlaintextSign[] {
  const section = /^\[oslo_messaging_rabbit\]([^[]*)/m.exec(text)?.[1] ?? "";
  const off = /^[ \t]*ssl[ \t]*=[ \t]*(false|0|no|off)\b/im.test(section);
  return off ? [{ found: "`[oslo_messaging_rabbit] ssl` is off", fix: "set it to true" }] : [];
}

/** Sources: containers-registries.conf(5), dockerd's daemon.json, containerd's CRI registry configuration. */
function registries(text: string): PlaintextSign[] {
  const settings: readonly [RegExp, string][] = [
    [/^[ \t]*insecure[ \t]*=[ \t]*true\b/m, "insecure = true"],
    [/"insecure-registries"\s*:\s*\[\s*"/, "insecure-registries"],
    [/^[ \t]*(?:insecure_skip_verify|skip_verify)[ \t]*=[ \t]*true\b/m, "skip_verify = true"],
  ];
  return settings
    .filter(([pattern]) => pattern.test(text))
    .map(([, setting]) => ({
      found: `a registry of images is used without TLS (\`${setting}\`)`,
      fix: "give the registry a certificate, and its authority to the servers (`messaging.servers.caPem` here)",
    }));
}
