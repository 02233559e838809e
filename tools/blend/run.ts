import { collect } from "./collect";
import { deliveriesOf, latencyEnd } from "./patterns/pattern";
import type { Received } from "./patterns/receiver";
import { Member } from "./processes/Member";
import type { ClientReport, Load, Role } from "./processes/orders";
import { now } from "./stats/clock";
import { type Distribution, Latencies } from "./stats/latencies";
import { marksOf } from "./stats/marks";
import { processorMs } from "./stats/processor";
import { sum } from "./stats/sum";
import { newTopic } from "./topic";
import { copiesOf, transportOf } from "./transports/registry";
import type { PatternName, Target } from "./transports/transport";

/** Milliseconds between the last client's readiness and the start: all processes get the order in time. */
const LEAD = 200;

/** One measurement. */
export interface RunOptions {
  target: Target;
  pattern: PatternName;
  clients: number;
  servers: number;
  /** Bytes of a message. */
  size: number;
  timeoutMs: number;
  load: Load;
  /** Processes of the middleware on this machine, and what belongs to their groups. */
  pids?: readonly number[];
  /** What the tool does against no middleware, in messages a second. */
  ceiling?: number;
  /** Hears what is done, every second. */
  progress?: (text: string) => void;
}

/** What a measurement found. */
export interface RunResult {
  target: string;
  pattern: PatternName;
  load: "open" | "closed";
  clients: number;
  servers: number;
  size: number;
  /** Seconds that counted. */
  seconds: number;
  /** Messages a second that were meant to be sent; none in a closed loop. */
  offered?: number;
  /** Messages a second that were done: answered, or delivered as often as promised. */
  achieved: number;
  /** Messages that counted. */
  sent: number;
  /** Failures by kind. */
  failures: Record<string, number>;
  /** Deliveries that are missing though the middleware took the message over. */
  lost: number;
  duplicates: number;
  /** Deliveries after a later one of the same sender, to the same server. */
  disordered: number;
  /** Milliseconds from the intended start. */
  latency: Distribution;
  /** What the latency ends with. */
  until: "answer" | "delivery";
  lateness: Distribution;
  ceiling?: number;
  /** Milliseconds of the middleware's processor time a message; where its processes are known. */
  processorMs?: number;
  /** Why a number must be taken with care. */
  marks: string[];
}

/** Starts servers and clients as processes, puts the load on them, and adds up what they saw. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { target, pattern, clients, servers, pids = [] } = options;
  const copies = copiesOf(target, pattern);
  const topic = newTopic();
  const members: Member[] = [];
  const begin = async (role: Role["role"], count: number) => {
    const started = Array.from({ length: count }, (_, index) =>
      Member.start({ role, target, pattern, topic, index, size: options.size, timeoutMs: options.timeoutMs }),
    );
    const settled = await Promise.allSettled(started);
    members.push(...settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
    return Promise.all(started);
  };
  try {
    const listening = await begin("server", servers);
    const sending = await begin("client", clients);
    const before = processorMs(pids);
    const start = now() + LEAD;
    const reports = await load(options, sending, start);
    const deliveries = deliveriesOf(copies, servers);
    const received = await collect(
      () => Promise.all(listening.map(async (member) => (await member.ask({ do: "report" }, "received")).report)),
      ({ distinct }) => distinct,
      sum(reports.map(({ done }) => done)) * deliveries,
    );
    const used = pids.length === 0 ? undefined : processorMs(pids) - before;
    return resultOf(options, { reports, received, deliveries, used, start });
  } finally {
    await Promise.all(members.map((member) => member.end()));
    await transportOf(target)
      .remove?.(target, pattern, topic)
      .catch(() => undefined);
  }
}

async function load(
  { load: given, progress }: RunOptions,
  sending: readonly Member[],
  start: number,
): Promise<ClientReport[]> {
  const end = start + (given.warmup + given.seconds) * 1000;
  let last = 0;
  const timer = setInterval(() => {
    const done = sum(sending.map((member) => member.progress));
    progress?.(`${Math.max(0, (end - now()) / 1000).toFixed(0)} s left, ${done - last}/s`);
    last = done;
  }, 1_000);
  try {
    const running = sending.map((member) => member.ask({ do: "run", load: given, start }, "ran"));
    return (await Promise.all(running)).map(({ report }) => report);
  } finally {
    clearInterval(timer);
  }
}

/** What processes told of a measurement. */
interface Told {
  reports: readonly ClientReport[];
  received: readonly Received[];
  /** Deliveries of one message. */
  deliveries: number;
  /** Milliseconds of the middleware's processor time. */
  used: number | undefined;
  start: number;
}

function resultOf(options: RunOptions, { reports, received, deliveries, used, start }: Told): RunResult {
  const { target, pattern, clients, servers, size, load: given, ceiling } = options;
  const until = latencyEnd(pattern);
  const offered = given.kind === "open" ? given.rate : undefined;
  const delivered = sum(received.map(({ distinct }) => distinct));
  const taken = sum(reports.map(({ done }) => done));
  const done = until === "answer" ? taken : delivered / deliveries;
  const sources = until === "answer" ? reports : received;
  const latency = Latencies.merge(sources.map(({ latencies }) => latencies)).summary();
  const lateness = Latencies.merge(reports.map((report) => report.lateness)).summary();
  // What comes after the end was not done in the time: it makes the time longer.
  const took = (Math.max(...sources.map(({ last }) => last)) - start) / 1000 - given.warmup;
  const achieved = done / Math.max(given.seconds, took);
  const clientBusy = Math.max(...reports.map(({ busy }) => busy));
  return {
    ...{ target: target.name, pattern, load: given.kind, clients, servers, size, seconds: given.seconds },
    ...{ offered, achieved, sent: sum(reports.map(({ counted }) => counted)), failures: failuresOf(reports) },
    lost: until === "answer" ? 0 : Math.max(0, taken * deliveries - delivered),
    duplicates: sum(received.map(({ duplicates }) => duplicates)),
    disordered: sum(received.map(({ disordered }) => disordered)),
    ...{ latency, until, lateness, ceiling },
    ...(used !== undefined && done > 0 && { processorMs: (used / done) * countedPart(given) }),
    marks: marksOf({ offered, achieved, ceiling, lateness: lateness.p99, latency: latency.p99, clientBusy }),
  };
}

/** Processor time is measured over the warm-up, too; messages are counted after it. */
function countedPart({ warmup, seconds }: Load): number {
  return seconds / (warmup + seconds);
}

/** Failures of all clients, by kind. */
export function failuresOf(reports: readonly Pick<ClientReport, "failures">[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { failures } of reports) {
    for (const [kind, count] of Object.entries(failures)) all[kind] = (all[kind] ?? 0) + count;
  }
  return all;
}

/** All that failed. */
export function failedOf({ failures }: Pick<RunResult, "failures">): number {
  return sum(Object.values(failures));
}
