import { measureCeiling } from "../../tools/blend/ceiling";
import { conform, type Conformance, type Finding } from "../../tools/blend/conformance/conform";
import { run, type RunResult } from "../../tools/blend/run";
import { transportOf } from "../../tools/blend/transports/registry";
import { type PatternName, PATTERNS } from "../../tools/blend/transports/transport";
import type { System, Trial } from "./system";

/** The same for all: messages a second of all clients, seconds that count, clients, servers, bytes. */
const SHAPE = { rate: 100, seconds: 2, warmup: 0.5, clients: 2, servers: 2, size: 1024 };

/** What was found, and what must not be so. */
export interface Results {
  runs: RunResult[];
  conformance: Conformance[];
  /** Broken promises that were not known, known ones that were kept, and what could not be tried. */
  surprises: string[];
  /** Known breaches that were found, with the reason. */
  known: string[];
}

/** Tries one way to use a system; what fails is a surprise, and the others go on. */
export async function tryOut(
  system: System,
  trial: Trial,
  results: Results,
  say: (text: string) => void,
): Promise<void> {
  const { target, only } = trial;
  const carried = transportOf(target).patterns(target);
  for (const pattern of PATTERNS) {
    if (only !== undefined || typeof carried[pattern] !== "string") continue;
    say(`${target.name}, ${pattern}: load`);
    try {
      results.runs.push(await load(system, trial, pattern));
    } catch (error) {
      results.surprises.push(`${target.name}, ${pattern}: load failed: ${String(error)}`);
    }
  }
  const part = only && { patterns: [only.pattern], promises: [only.promise] };
  const found = await conform(target, { ...part, members: system.members, progress: say });
  results.conformance.push(found);
  for (const finding of found.findings) judge(trial, finding, results);
}

async function load({ members }: System, { target }: Trial, pattern: PatternName): Promise<RunResult> {
  const { clients, size } = SHAPE;
  // A direct transport's clients know every server of the URL.
  const servers = transportOf(target).direct ? target.endpoints.length : SHAPE.servers;
  const ceiling = await measureCeiling({ pattern, clients, servers, size }, 1);
  const pids = members.flatMap((member) => member.pids());
  const open = { kind: "open", ...SHAPE } as const;
  return run({ target, pattern, clients, servers, size, timeoutMs: 5_000, load: open, pids, ceiling });
}

function judge({ breaches = [] }: Trial, { target, pattern, promise, outcome, evidence }: Finding, to: Results): void {
  const breach = breaches.find((known) => known.pattern === pattern && known.promise === promise);
  const what = `${target}, ${pattern}: ${promise}`;
  if (outcome === "broken" && breach !== undefined) to.known.push(`${what}: ${breach.why}`);
  else if (outcome === "broken") to.surprises.push(`${what} is broken: ${evidence}`);
  else if (breach !== undefined) to.surprises.push(`${what} is ${outcome}, but should be broken: ${breach.why}`);
}
