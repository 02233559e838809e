import { UserError } from "../../components/errors";
import type { Target } from "./transports/transport";

/** Schemes, ports that they have by default with and without TLS, and options that they know. */
const SCHEMES: Record<string, { ports: [number, number] | undefined; options: readonly string[] }> = {
  rabbit: { ports: [5671, 5672], options: ["queue", "durable"] },
  amqp: { ports: [5671, 5672], options: ["peer"] },
  kafka: { ports: [9093, 9092], options: [] },
  // Directly from process to process: there is no port that everybody knows.
  zmq: { ports: undefined, options: [] },
  sim: { ports: undefined, options: ["latency", "loss", "stall", "period"] },
};

/** What speaks AMQP 1.0 at the other end: only a broker stores messages. */
const PEERS = ["broker", "router"];

const QUEUES = ["classic", "quorum", "stream"];

/** oslo.messaging's transport URLs over several hosts, with this tool's options as their query. */
const URL_FORM = /^(?<scheme>[a-z+]+):\/\/(?<hosts>[^/?]+)(?:\/(?<vhost>[^?]*))?(?:\?(?<query>.*))?$/;

/**
 * Reads a transport URL as oslo.messaging writes it: `rabbit://user:secret@a:5671,user:secret@b:5671/vhost`. `amqp` is
 * AMQP 1.0, as in oslo.messaging; AMQP 0-9-1 is `rabbit`. `ca`: TLS with that authority; empty: with the system's.
 */
export function parseTarget(url: string, name?: string, ca?: string): Target {
  const { scheme = "", hosts = "", vhost = "", query = "" } = URL_FORM.exec(url)?.groups ?? {};
  const known = SCHEMES[scheme];
  if (known === undefined) {
    const given = URL_FORM.test(url) ? `scheme "${scheme}"` : "something that is none";
    throw new UserError(
      `The transport URL begins with ${Object.keys(SCHEMES).join("://, ")}://; given is ${given}. ` +
        "Example: rabbit://nova:secret@10.0.0.5:5671/openstack.",
    );
  }
  const places = hosts.split(",").map((text) => parseHost(text, known.ports?.[ca === undefined ? 1 : 0]));
  const [login] = places;
  const options = Object.fromEntries(new URLSearchParams(query));
  checkOptions(scheme, options, known.options);
  if (scheme === "zmq" && ca !== undefined) {
    throw new UserError("`--ca` is not for zmq://: ZeroMQ has no TLS. Leave it out, or carry it through a tunnel.");
  }
  return {
    scheme,
    name: name ?? [scheme, options["queue"]].filter(Boolean).join(" "),
    endpoints: places.map(({ host, port }) => ({ host, port })),
    user: login?.user ?? "",
    password: login?.password ?? "",
    vhost: decodeURIComponent(vhost),
    options,
    ...(ca !== undefined && { tls: { ca } }),
  };
}

function parseHost(text: string, defaultPort: number | undefined) {
  const at = text.lastIndexOf("@");
  const [user = "", ...secret] = text.slice(0, Math.max(at, 0)).split(":");
  const place = /^(?:\[(?<six>[^\]]+)\]|(?<host>[^:]+))(?::(?<port>\d+))?$/.exec(text.slice(at + 1))?.groups;
  const port = place?.["port"] === undefined ? defaultPort : Number(place["port"]);
  const host = place?.["six"] ?? place?.["host"];
  if (host === undefined || port === undefined || port > 65_535) {
    // The text before the host holds a password.
    throw new UserError(`A host of the transport URL must be host:port, given is "${text.slice(at + 1)}".`);
  }
  return { host, port, user: decodeURIComponent(user), password: decodeURIComponent(secret.join(":")) };
}

function checkOptions(scheme: string, options: Record<string, string>, known: readonly string[]): void {
  const findings = Object.keys(options)
    .filter((name) => !known.includes(name))
    .map((name) => `${scheme}:// knows ${known.join(", ") || "no options"}; given is "${name}". Leave it out.`);
  const { queue, durable, peer } = options;
  if (peer !== undefined && !PEERS.includes(peer)) {
    findings.push(`\`peer\` of the transport URL must be ${PEERS.join(" or ")}; given is "${peer}".`);
  }
  if (queue !== undefined && !QUEUES.includes(queue)) {
    findings.push(`\`queue\` of the transport URL must be ${QUEUES.join(", ")}; given is "${queue}".`);
  }
  if (durable !== undefined && !["true", "false"].includes(durable)) {
    findings.push(`\`durable\` of the transport URL must be true or false; given is "${durable}".`);
  }
  if (durable === "false" && (queue ?? "classic") !== "classic") {
    findings.push(`\`durable=false\` is for classic queues; ${queue} queues are always durable. Leave it out.`);
  }
  if (findings.length > 0) throw UserError.all(findings);
}
