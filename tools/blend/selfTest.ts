import { loopbackUrl } from "./loopback";
import { run, type RunResult } from "./run";
import { parseTarget } from "./target";

/** Part by which a finding may differ from what is known. */
const TOLERANCE = 0.01;

/** Milliseconds after which a request that the known server lost is given up. */
const TIMEOUT = 1_000;

/** Something that is known of the server, and what the tool found. */
export interface Check {
  what: string;
  known: number;
  found: number;
  /** Whether both agree within one percent. */
  ok: boolean;
}

/** Known behaviour of a server: what every request takes, and which part of them is lost. */
const STEADY = { latency: 200, loss: 0.05, rate: 200, seconds: 5 };

/** Whoever else uses the machine adds to latencies and never takes away: the first of so many tries that agrees counts. */
const TRIES = 3;

/** A server that stands still: of all requests, those of the first second of every five wait for its end. */
const STALLING = { stall: 1_000, period: 5_000, rate: 200, seconds: 10 };

/** Measures servers of known latency, loss and stalls, and compares. */
export async function selfTest(progress?: (text: string) => void): Promise<Check[]> {
  return [...(await tried(() => steady(progress))), ...(await tried(() => stalling(progress)))];
}

async function tried(measure: () => Promise<Check[]>): Promise<Check[]> {
  let checks: Check[] = [];
  for (let at = 0; at < TRIES; at++) {
    checks = await measure();
    if (checks.every(({ ok }) => ok)) break;
  }
  return checks;
}

async function steady(progress?: (text: string) => void): Promise<Check[]> {
  const { latency, loss, rate, seconds } = STEADY;
  const { latency: found, failures, sent } = await measure(`latency=${latency}&loss=${loss}`, rate, seconds, progress);
  return [
    check("latency, median (ms)", latency, found.p50),
    check("answers of all requests", 1 - loss, 1 - (failures["timeout"] ?? 0) / sent),
    check("requests lost (of all)", loss, (failures["timeout"] ?? 0) / sent),
  ];
}

/**
 * With coordinated omission the stall would be one slow request of each client. Honestly measured, a percentile `p` above
 * 80 waits for `stall − (1 − p) × period`: that part of all requests came so early in the stall.
 */
async function stalling(progress?: (text: string) => void): Promise<Check[]> {
  const { stall, period, rate, seconds } = STALLING;
  const { latency } = await measure(`stall=${stall}&period=${period}`, rate, seconds, progress);
  const waited = (percent: number) => stall - (1 - percent / 100) * period;
  return [
    check("a stall, seen by 90 % (ms)", waited(90), latency.p90),
    check("a stall, seen by 99 % (ms)", waited(99), latency.p99),
  ];
}

async function measure(
  query: string,
  rate: number,
  seconds: number,
  progress?: (text: string) => void,
): Promise<RunResult> {
  const target = parseTarget(await loopbackUrl("sim", 1, query), "known server");
  const load = { kind: "open", rate, clients: 2, warmup: 1, seconds } as const;
  return run({ target, pattern: "call", clients: 2, servers: 1, size: 256, timeoutMs: TIMEOUT * 2, load, progress });
}

/** Compares a finding with what is known. */
export function check(what: string, known: number, found: number): Check {
  return { what, known, found, ok: Math.abs(found - known) <= TOLERANCE * known };
}
