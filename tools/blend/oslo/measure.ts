import { collect } from "../collect";
import { deliveriesOf, latencyEnd } from "../patterns/pattern";
import { failuresOf, type RunResult } from "../run";
import { type Distribution, Latencies } from "../stats/latencies";
import { marksOf } from "../stats/marks";
import { sum } from "../stats/sum";
import { newTopic } from "../topic";
import type { PatternName } from "../transports/transport";
import { type OsloAgent } from "./OsloAgent";
import { refuseSleepingVersion } from "./version";

/** Messages of real oslo.messaging clients to real oslo.messaging servers, in an open loop. */
export interface OsloRun {
  pattern: PatternName;
  /** Makes another process with the service's configuration files. */
  agent: () => OsloAgent;
  clients: number;
  servers: number;
  /** Messages a second of all clients. */
  rate: number;
  seconds: number;
  warmup: number;
  /** Bytes of a message, without what oslo.messaging adds. */
  size: number;
  timeoutMs: number;
}

interface Versions {
  "oslo.messaging": string;
  /** Drivers that the configuration files name. */
  rpc: string;
  notifications: string;
}

/** What a client did; times in milliseconds from the intended start. */
interface Arrivals {
  latencies: number[];
  lateness: number[];
  failures: Record<string, number>;
  /** Processor time of the client, as a part of the time that passed. */
  busy: number;
}

/** What a server got. */
interface Deliveries {
  latencies: number[];
  duplicates: number;
  disordered: number;
}

interface Found {
  sent: readonly Arrivals[];
  received: readonly Deliveries[];
  /** Deliveries that are missing of messages that were sent. */
  lost: number;
  name: string;
}

/** Measures one pattern; ends the processes. */
export async function measureOslo(options: OsloRun): Promise<RunResult> {
  const { agent, clients, servers, rate, pattern } = options;
  const agents = Array.from({ length: clients + servers }, agent);
  const [senders, listeners] = [agents.slice(0, clients), agents.slice(clients)];
  const [first] = senders;
  const topic = newTopic();
  try {
    if (first === undefined) throw new Error("no client");
    const versions = await first.ask<Versions>("versions");
    const driver = pattern === "notification" ? versions.notifications : versions.rpc;
    if (pattern === "call") refuseSleepingVersion(versions["oslo.messaging"], driver);
    const serve = pattern === "notification" ? "listen" : "serve";
    await Promise.all(
      listeners.map((one, at) => one.ask(serve, { topic, ...(serve === "serve" && { server: `server-${at}` }) })),
    );
    const { seconds, warmup, size, timeoutMs } = options;
    const order = { pattern, topic, rate: rate / clients, seconds, warmup, size, timeout: timeoutMs / 1000 };
    const sent = await Promise.all(senders.map((one, sender) => one.ask<Arrivals>("arrivals", { ...order, sender })));
    const taken = sum(sent.map(({ latencies }) => latencies.length));
    const expected = pattern === "call" ? 0 : taken * deliveriesOf(copies(pattern), servers);
    const received = await collect(
      () => Promise.all(listeners.map((one) => one.ask<Deliveries>("deliveries", { pattern }))),
      ({ latencies }) => latencies.length,
      expected,
    );
    const lost = Math.max(0, expected - sum(received.map(({ latencies }) => latencies.length)));
    const name = `oslo.messaging ${versions["oslo.messaging"]} ${driver}`;
    return resultOf(options, { sent, received: pattern === "call" ? [] : received, lost, name });
  } finally {
    await Promise.all(agents.map((one) => one.end()));
  }
}

/** Every server gets a fan-out, one of them anything else. */
function copies(pattern: PatternName) {
  return pattern === "fanout" ? "each" : "one";
}

function resultOf(options: OsloRun, { sent, received, lost, name }: Found): RunResult {
  const { pattern, clients, servers, rate, seconds, size } = options;
  const until = latencyEnd(pattern);
  const latency = summary((until === "answer" ? sent : received).flatMap(({ latencies }) => latencies));
  const lateness = summary(sent.flatMap((one) => one.lateness));
  const deliveries = until === "answer" ? 1 : deliveriesOf(copies(pattern), servers);
  const achieved = latency.count / deliveries / seconds;
  const clientBusy = Math.max(...sent.map(({ busy }) => busy));
  // Nothing of oslo.messaging runs without a middleware: its in-process driver sleeps. What a client could do is known from
  // the processor that it used, since Python takes one at most.
  const ceiling = achieved / clientBusy;
  return {
    ...{ target: name, pattern, load: "open", clients, servers, size, seconds, offered: rate, achieved },
    ...{ sent: lateness.count, failures: failuresOf(sent), lost, latency, until, lateness, ceiling },
    duplicates: sum(received.map(({ duplicates }) => duplicates)),
    disordered: sum(received.map(({ disordered }) => disordered)),
    marks: marksOf({ offered: rate, achieved, ceiling, lateness: lateness.p99, latency: latency.p99, clientBusy }),
  };
}

function summary(values: readonly number[]): Distribution {
  const all = new Latencies();
  for (const value of values) all.record(value);
  return all.summary();
}
