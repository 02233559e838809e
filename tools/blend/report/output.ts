import { readFileSync, writeFileSync } from "node:fs";

import { UserError } from "../../../components/errors";
import { renderPage } from "./html/page";
import { report, type Report } from "./report";

export interface OutputFlags {
  /** True: standard output; a text: that file. */
  json?: string | boolean;
  html?: string;
}

/** Writes what the flags ask for, and the table unless JSON goes where it would. */
export function emit(result: Report, { json, html }: OutputFlags, table: string): void {
  const text = JSON.stringify(result, undefined, 2);
  if (typeof json === "string") writeFileSync(json, `${text}\n`);
  if (html !== undefined) writeFileSync(html, renderPage(result));
  process.stdout.write(`${json === true ? text : table}\n`);
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
