import { readFileSync } from "node:fs";

import { Eta } from "eta";

import { besideSource } from "../../components/sources";
import { OPERATIONS } from "./change";
import { isGoing } from "./changes";
import { type Report, summaryOf } from "./report";
import { kindOf } from "./urn";

/** Signs beside colours, for readers who see none. */
const SIGNS = { replace: "±", delete: "−", create: "+", update: "~", import: "↓", refresh: "↻" } as const;

/** Pictures as SVG text, by the stack that they show. */
export type Pictures = Readonly<Record<string, string>>;

/** The report as one page that needs nothing beside it: folds, a filter, pictures, light and dark. */
export function htmlOf(report: Report, pictures: Pictures = {}): string {
  const refused = new Set(report.refusals.map(({ stack, urn }) => `${stack} ${urn}`));
  const rows = report.changes.map((change) => ({
    ...change,
    kind: kindOf(change.type),
    going: isGoing(change.operation),
    sign: SIGNS[change.operation],
    refused: refused.has(`${change.stack} ${change.urn}`),
    text: [change.name, change.type, change.stack, change.layer, change.operation, ...change.diffs.map((d) => d.path)]
      .join(" ")
      .toLowerCase(),
  }));
  const asset = (name: string) => readFileSync(besideSource(__dirname, `page/${name}`), "utf8");
  // Escaped by itself; only style, script and pictures are put in as they are.
  return new Eta({ autoEscape: true }).renderString(asset("page.eta"), {
    ...{ report, rows, pictures: Object.entries(pictures).sort(([a], [b]) => (a < b ? -1 : 1)) },
    ...{ operations: OPERATIONS, signs: SIGNS, summary: summaryOf(report.changes) },
    ...{ style: asset("page.css"), script: asset("page.client.js") },
  });
}
