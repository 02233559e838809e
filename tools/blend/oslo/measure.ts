import type { RunResult } from "../run";
import { Latencies } from "../stats/latencies";
import { marksOf } from "../stats/marks";
import { type OsloAgent } from "./OsloAgent";
import { refuseSleepingVersion } from "./version";

/** Calls of real oslo.messaging clients to real oslo.messaging servers. */
export interface OsloRun {
  name: string;
  /** oslo.messaging's driver, as the transport URL has it. */
  driver: string;
  /** Makes another process with the service's configuration files. */
  agent: () => OsloAgent;
  clients: number;
  servers: number;
  /** Calls a second of all clients. */
  rate: number;
  seconds: number;
  warmup: number;
  size: number;
  timeoutMs: number;
}

interface Arrivals {
  /** Milliseconds from the intended start to the answer, of each call that counts. */
  latencies: number[];
  /** Milliseconds by which calls were made late. */
  lateness: number[];
  failures: Record<string, number>;
  /** Processor time of the client, as a part of the time that passed. */
  busy: number;
}

/** Measures calls in an open loop; ends the processes. */
export async function measureOslo(options: OsloRun): Promise<RunResult> {
  const { agent, clients, servers, rate, driver } = options;
  const agents = Array.from({ length: clients + servers }, agent);
  const [callers, answerers] = [agents.slice(0, clients), agents.slice(clients)];
  const topic = `blend-${process.pid}`;
  try {
    const versions = await callers[0]?.ask<Record<string, string>>("versions");
    refuseSleepingVersion(versions?.["oslo.messaging"] ?? "", driver);
    await Promise.all(answerers.map((server, at) => server.ask("serve", { topic, server: `server-${at}` })));
    const { seconds, warmup, size, timeoutMs } = options;
    const order = { topic, rate: rate / clients, seconds, warmup, size, timeout: timeoutMs / 1000 };
    const found = await Promise.all(callers.map((caller) => caller.ask<Arrivals>("arrivals", order)));
    return resultOf(options, found);
  } finally {
    await Promise.all(agents.map((one) => one.end()));
  }
}

function resultOf(options: OsloRun, found: readonly Arrivals[]): RunResult {
  const { name, clients, servers, rate, seconds, size } = options;
  const summary = (values: number[]) => {
    const all = new Latencies();
    for (const value of values) all.record(value);
    return all.summary();
  };
  const latency = summary(found.flatMap(({ latencies }) => latencies));
  const lateness = summary(found.flatMap((one) => one.lateness));
  const failures: Record<string, number> = {};
  for (const one of found) {
    for (const [kind, count] of Object.entries(one.failures)) failures[kind] = (failures[kind] ?? 0) + count;
  }
  const clientBusy = Math.max(...found.map(({ busy }) => busy));
  const achieved = latency.count / seconds;
  const measured = {
    offered: rate,
    achieved,
    ceiling: undefined,
    lateness: lateness.p99,
    latency: latency.p99,
    clientBusy,
  };
  return {
    ...{ target: name, pattern: "call", load: "open", clients, servers, size, seconds, offered: rate, achieved },
    sent: lateness.count,
    ...{ failures, lost: 0, duplicates: 0, disordered: 0, latency, until: "answer", lateness },
    marks: marksOf(measured),
  };
}
