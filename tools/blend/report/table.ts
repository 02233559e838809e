import Table from "cli-table3";
import pc from "picocolors";

import type { Conformance, Finding } from "../conformance/conform";
import { failedOf, type RunResult } from "../run";
import type { Check } from "../selfTest";
import { matrixOf } from "./matrix";

const STYLE = { head: [], border: [], compact: true };

/** A line a run, and below them why some must be taken with care. */
export function formatRuns(runs: readonly RunResult[]): string {
  const table = new Table({
    head: [
      "target",
      "pattern",
      "N×M",
      "offered/s",
      "done/s",
      "p50 ms",
      "p99 ms",
      "max ms",
      "failed",
      "lost",
      "twice",
      "CPU ms",
      "ceiling/s",
      "",
    ],
    style: STYLE,
  });
  const notes: string[] = [];
  for (const run of runs) {
    const mark = run.marks.length === 0 ? "" : `*${notes.push(run.marks.join("; "))}`;
    const { p50, p99, max } = run.latency;
    table.push([
      ...[run.target, run.pattern, `${run.clients}×${run.servers}`, run.offered?.toString() ?? "closed"],
      ...[run.achieved.toFixed(1), p50.toFixed(2), p99.toFixed(2), max.toFixed(1)],
      ...[String(failedOf(run)), String(run.lost), String(run.duplicates)],
      ...[run.processorMs?.toFixed(2) ?? "-", run.ceiling?.toFixed(0) ?? "-", pc.yellow(mark)],
    ]);
  }
  return [table.toString(), ...notes.map((note, at) => pc.yellow(`*${at + 1} ${note}`))].join("\n");
}

const OUTCOME: Record<Finding["outcome"], (text: string) => string> = {
  kept: pc.green,
  broken: pc.red,
  "not tried": pc.yellow,
};

/** Every promise with its evidence, and what is refused. */
export function formatConformance({ findings, refusals }: Conformance): string {
  const rows = findings.map(
    ({ target, pattern, promise, outcome, evidence }) =>
      `${OUTCOME[outcome](outcome.padEnd(9))}  ${target}, ${pattern}: ${promise}\n           ${evidence}`,
  );
  const refused = refusals.map(
    ({ target, pattern, reason }) => `${pc.dim("refused  ")}  ${target}, ${pattern}\n           ${reason}`,
  );
  return [...rows, ...refused].join("\n");
}

/** A line a target and pattern, a column a promise. */
export function formatMatrix(all: readonly Conformance[]): string {
  const { promises, rows } = matrixOf(all);
  const table = new Table({ head: ["target", "pattern", ...promises], style: STYLE });
  for (const { target, pattern, outcomes } of rows) {
    const cells =
      outcomes === "refused"
        ? [{ content: pc.dim("refused"), colSpan: promises.length }]
        : outcomes.map((outcome) => (outcome === undefined ? "" : OUTCOME[outcome](outcome)));
    table.push([target, pattern, ...cells]);
  }
  return table.toString();
}

/** What is known of a server, and what the tool found. */
export function formatChecks(checks: readonly Check[]): string {
  const table = new Table({ head: ["self-test", "known", "found", "within 1 %"], style: STYLE });
  for (const { what, known, found, ok } of checks) {
    table.push([what, known.toFixed(3), found.toFixed(3), ok ? pc.green("yes") : pc.red("no")]);
  }
  return table.toString();
}
