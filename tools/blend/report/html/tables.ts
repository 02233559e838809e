import { h } from "preact";

import type { Conformance } from "../../conformance/conform";
import { failedOf, type RunResult } from "../../run";
import type { Check } from "../../selfTest";
import { matrixOf } from "../matrix";
import { nameOf } from "./charts";

type Cell = string | number | { text: string; kind: string };

function table(id: string, titles: readonly string[], rows: readonly (readonly Cell[])[]) {
  const cell = (value: Cell) => {
    if (typeof value === "number") return h("td", { class: "number" }, value);
    if (typeof value === "string") return h("td", null, value);
    return h("td", { class: value.kind }, value.text);
  };
  const head = h(
    "tr",
    null,
    titles.map((title) => h("th", null, title)),
  );
  const body = rows.map((row) => h("tr", null, row.map(cell)));
  return h("table", { id }, h("thead", null, head), h("tbody", null, body));
}

/** An outcome in its colour. */
function coloured(outcome: string): Cell {
  return { text: outcome, kind: outcome.replace(" ", "-") };
}

const RUN_TITLES = [
  ...["run", "clients × servers", "bytes", "done/s", "p50 ms", "p99 ms", "99.9 % ms", "max ms", "failed", "lost"],
  ...["twice", "CPU ms", "ceiling/s", "to be taken with care"],
];

/** A row a run. */
export function runTable(runs: readonly RunResult[]) {
  const round = (value: number, digits = 2) => Number(value.toFixed(digits));
  const known = (value: number | undefined, digits: number) => (value === undefined ? "–" : round(value, digits));
  const rows = runs.map((run): Cell[] => [
    ...[nameOf(run), `${run.clients} × ${run.servers}`, run.size, round(run.achieved, 1)],
    ...[run.latency.p50, run.latency.p99, run.latency.p999, run.latency.max].map((value) => round(value)),
    ...[failedOf(run), run.lost, run.duplicates],
    ...[known(run.processorMs, 2), known(run.ceiling, 0)],
    { text: run.marks.join("; "), kind: "mark" },
  ]);
  return table("runs", RUN_TITLES, rows);
}

/** A row a target and pattern, a column a promise. */
export function matrixTable(all: readonly Conformance[]) {
  const { promises, rows } = matrixOf(all);
  const body = rows.map(({ target, pattern, outcomes }): Cell[] => [
    ...[target, pattern],
    ...promises.map((_, at): Cell => {
      if (outcomes === "refused") return at === 0 ? coloured("refused") : "";
      const outcome = outcomes[at];
      return outcome === undefined ? "" : coloured(outcome);
    }),
  ]);
  return table("matrix", ["target", "pattern", ...promises], body);
}

/** A row a promise with its evidence, and a row a refusal with its reason. */
export function promiseTable(all: readonly Conformance[]) {
  const tried = all.flatMap(({ findings }) =>
    findings.map(({ target, pattern, promise, text, outcome, evidence }): Cell[] => [
      ...[target, pattern, coloured(outcome), `${promise}: ${text}`, evidence],
    ]),
  );
  const refused = all.flatMap(({ refusals }) =>
    refusals.map(({ target, pattern, reason }): Cell[] => [target, pattern, coloured("refused"), "", reason]),
  );
  return table("promises", ["target", "pattern", "outcome", "promise", "evidence"], [...tried, ...refused]);
}

/** A row a thing that is known. */
export function checkTable(checks: readonly Check[]) {
  const rows = checks.map(({ what, known, found, ok }): Cell[] => [
    ...[what, Number(known.toFixed(3)), Number(found.toFixed(3))],
    { text: ok ? "within 1 %" : "not within 1 %", kind: ok ? "kept" : "broken" },
  ]);
  return table("self-test", ["what", "known", "found", ""], rows);
}
