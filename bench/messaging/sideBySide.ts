import type { RunResult } from "../../tools/blend/run";

/** Figures of a run that are compared, with their units; the processor time is the middleware's, a message. */
const FIGURES: readonly [string, string, (run: RunResult) => number | undefined][] = [
  ["p50", "ms", ({ latency }) => latency.p50],
  ["p99", "ms", ({ latency }) => latency.p99],
  ["processor", "ms", ({ processorMs }) => processorMs],
];

/** RPC over routers (hybrid) beside RPC over a broker (vanilla): a line a figure, with the ratio. */
export function sideBySide(runs: readonly RunResult[], hybrid: string, vanilla: string): string[] {
  const of = (target: string) => runs.filter((run) => run.target === target);
  return of(hybrid).flatMap((ours) => {
    const peer = of(vanilla).find(({ pattern }) => pattern === ours.pattern);
    if (peer === undefined) return [];
    return FIGURES.flatMap(([name, unit, figure]) => {
      const [a, b] = [figure(ours), figure(peer)];
      if (a === undefined || b === undefined) return [];
      const title = `${ours.pattern} at ${ours.offered}/s, ${name}`.padEnd(28);
      const ratio = (a / b).toFixed(2);
      return [`${title} ${hybrid} ${a.toFixed(2)} ${unit}   ${vanilla} ${b.toFixed(2)} ${unit}   ratio ${ratio}`];
    });
  });
}
