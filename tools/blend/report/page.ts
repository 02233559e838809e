import type { Conformance } from "../conformance/conform";
import type { RunResult } from "../run";
import type { Check } from "../selfTest";
import { nameOf, percentileChart, throughputChart } from "./charts";

/** All that a page shows. */
export interface Report {
  title: string;
  runs: readonly RunResult[];
  conformance: readonly Conformance[];
  checks: readonly Check[];
}

/** Light and dark as the reader has it; nothing is fetched from anywhere. */
const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1b1b1b; --line: #d5d5d5; --good: #006b4a; --bad: #b00020; --care: #7a5200; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16181c; --ink: #e6e6e6; --line: #3a3d44; --good: #4cd3a2; --bad: #ff8a8a; --care: #f0c060; }
}
body { background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
table { border-collapse: collapse; display: block; font-size: 13px; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; }
td.number { font-variant-numeric: tabular-nums; text-align: right; }
figure { margin: 1rem 0; } figure svg { height: auto; max-width: 100%; }
.kept { color: var(--good); } .broken { color: var(--bad); font-weight: 600; } .not-tried, .refused, .mark { color: var(--care); }
`;

/** One page that holds everything, charts as inline SVG. */
export function renderPage({ title, runs, conformance, checks }: Report): string {
  const throughput = throughputChart(runs);
  const parts = [
    `<h1>${escape(title)}</h1>`,
    ...(runs.length > 0 ? [figure(percentileChart(runs), "Latency by percentile"), runTable(runs)] : []),
    ...(throughput === undefined ? [] : [figure(throughput, "Throughput by arrival rate")]),
    ...(conformance.length > 0 ? [`<h2>Promises</h2>`, promiseTable(conformance)] : []),
    ...(checks.length > 0 ? [`<h2>Self-test</h2>`, checkTable(checks)] : []),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${parts.join("\n")}
</body>
</html>
`;
}

function figure(svg: string, label: string): string {
  return `<figure role="img" aria-label="${escape(label)}">${svg}</figure>`;
}

type Cell = string | number | { text: string; kind: string };

function table(id: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell) => {
    if (typeof value === "number") return `<td class="number">${value}</td>`;
    if (typeof value === "string") return `<td>${escape(value)}</td>`;
    return `<td class="${value.kind}">${escape(value.text)}</td>`;
  };
  const body = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`);
  return `<table id="${id}"><thead><tr>${head.map((name) => `<th>${escape(name)}</th>`).join("")}</tr></thead><tbody>
${body.join("\n")}
</tbody></table>`;
}

function runTable(runs: readonly RunResult[]): string {
  const head = [
    "run",
    "clients × servers",
    "bytes",
    "done/s",
    "p50 ms",
    "p99 ms",
    "99.9 % ms",
    "max ms",
    "failed",
    "lost",
    "twice",
    "CPU ms",
    "ceiling/s",
    "to be taken with care",
  ];
  const round = (value: number, digits = 2) => Number(value.toFixed(digits));
  const rows = runs.map((run): Cell[] => [
    ...[nameOf(run), `${run.clients} × ${run.servers}`, run.size, round(run.achieved, 1)],
    ...[run.latency.p50, run.latency.p99, run.latency.p999, run.latency.max].map((value) => round(value)),
    ...[Object.values(run.failures).reduce((sum, count) => sum + count, 0), run.lost, run.duplicates],
    ...[
      run.processorMs === undefined ? "–" : round(run.processorMs),
      run.ceiling === undefined ? "–" : round(run.ceiling, 0),
    ],
    { text: run.marks.join("; "), kind: "mark" },
  ]);
  return table("runs", head, rows);
}

function promiseTable(all: readonly Conformance[]): string {
  const kept = all.flatMap(({ findings }) =>
    findings.map(({ target, pattern, text, outcome, evidence }): Cell[] => [
      ...[target, pattern, text, { text: outcome, kind: outcome.replace(" ", "-") }, evidence],
    ]),
  );
  const refused = all.flatMap(({ refusals }) =>
    refusals.map(({ target, pattern, reason }): Cell[] => [
      target,
      pattern,
      "–",
      { text: "refused", kind: "refused" },
      reason,
    ]),
  );
  return table("promises", ["target", "pattern", "promise", "outcome", "evidence"], [...kept, ...refused]);
}

function checkTable(checks: readonly Check[]): string {
  const rows = checks.map(({ what, known, found, ok }): Cell[] => [
    ...[what, Number(known.toFixed(3)), Number(found.toFixed(3))],
    { text: ok ? "within 1 %" : "not within 1 %", kind: ok ? "kept" : "broken" },
  ]);
  return table("self-test", ["what", "known", "found", ""], rows);
}

function escape(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => names[character] ?? character);
}
