import { h } from "preact";
import { renderToStaticMarkup } from "preact-render-to-string";

import { PATTERNS } from "../../transports/transport";
import type { Report } from "../report";
import { percentileChart, throughputChart } from "./charts";
import { STYLE } from "./style";
import { checkTable, matrixTable, promiseTable, runTable } from "./tables";

/** Nothing is fetched and nothing runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** One page that holds everything, charts as inline SVG. */
export function renderPage(report: Report): string {
  return `<!doctype html>\n${renderToStaticMarkup(h("html", { lang: "en" }, head(report), body(report)))}\n`;
}

function head({ title }: Report) {
  return h(
    "head",
    null,
    h("meta", { charSet: "utf-8" }),
    h("meta", { httpEquiv: "Content-Security-Policy", content: POLICY }),
    h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    h("title", null, title),
    h("style", { dangerouslySetInnerHTML: { __html: STYLE } }),
  );
}

function body({ title, runs, conformance, checks }: Report) {
  const proved = conformance.length > 0;
  return h(
    "body",
    null,
    h("h1", null, title),
    proved ? [h("h2", null, "Promises"), matrixTable(conformance)] : null,
    runs.length > 0 ? [h("h2", null, "Load"), charts(runs), runTable(runs)] : null,
    proved ? [h("h2", null, "Evidence"), promiseTable(conformance)] : null,
    checks.length > 0 ? [h("h2", null, "Self-test"), checkTable(checks)] : null,
  );
}

/** Patterns apart: they are different work. */
function charts(runs: Report["runs"]) {
  const curves = PATTERNS.flatMap((pattern) => {
    const own = runs.filter((run) => run.pattern === pattern);
    return own.length === 0 ? [] : [figure(`Latency by percentile: ${pattern}`, (name) => percentileChart(name, own))];
  });
  return [...curves, figure("Throughput by arrival rate", (name) => throughputChart(name, runs))];
}

function figure(name: string, draw: (name: string) => string | undefined) {
  const svg = draw(name);
  if (svg === undefined) return null;
  return h("figure", { role: "img", "aria-label": name, dangerouslySetInnerHTML: { __html: svg } });
}
