import { readFileSync, writeFileSync } from "node:fs";

import { UserError } from "../../../components/errors";
import { type Report, renderPage } from "./page";

export interface OutputFlags {
  /** True: standard output; a text: that file. */
  json?: string | boolean;
  html?: string;
}

/** A report of what there is. */
export function report(title: string, parts: Partial<Omit<Report, "title">>): Report {
  return { title, runs: [], conformance: [], checks: [], ...parts };
}

/** Writes what the flags ask for, and the table unless JSON goes where it would. */
export function emit(result: Report, { json, html }: OutputFlags, table: string): void {
  const text = JSON.stringify(result, undefined, 2);
  if (typeof json === "string") writeFileSync(json, `${text}\n`);
  if (html !== undefined) writeFileSync(html, renderPage(result));
  process.stdout.write(`${json === true ? text : table}\n`);
}

/** The same with a name before every target, by which it is told from another one. */
export function labelled(result: Report, name: string | undefined): Report {
  if (name === undefined) return result;
  const named = <T extends { target: string }>(one: T): T => ({ ...one, target: `${name}: ${one.target}` });
  return {
    ...result,
    runs: result.runs.map(named),
    conformance: result.conformance.map(({ findings, refusals }) => ({
      findings: findings.map(named),
      refusals: refusals.map(named),
    })),
  };
}

/** A result that `--json` wrote. */
export function readReport(file: string): Report {
  try {
    const { title, ...parts } = JSON.parse(readFileSync(file, "utf8")) as Report;
    return report(title, parts);
  } catch (error) {
    throw new UserError(`${file} must be a result that \`blend … --json <file>\` wrote: ${(error as Error).message}.`);
  }
}
