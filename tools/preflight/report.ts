import Table from "cli-table3";
import pc from "picocolors";

import type { BalanceRow } from "../../stacks/cloud/balance";

/** What a preflight found. */
export interface Preflight {
  fits: boolean;
  quotas: BalanceRow[];
  /** What is in the way beside quotas: names that are missing or taken, images, services, credentials. */
  findings: string[];
  /** What is only to be known. */
  notes: string[];
}

/** Comparison and findings together: a stack fits when nothing is short and nothing is in the way. */
export function preflightOf(quotas: BalanceRow[], findings: string[]): Preflight {
  const unknown = quotas.filter(({ need, limit }) => need > 0 && limit === undefined).map(({ what }) => what);
  return {
    fits: findings.length === 0 && quotas.every(({ shortBy }) => shortBy === 0),
    quotas,
    findings,
    notes: unknown.length === 0 ? [] : [`The cloud does not tell its quotas of ${unknown.join(", ")}: not checked.`],
  };
}

/** The table, and below it what is in the way. */
export function formatPreflight(stack: string, { fits, quotas, findings, notes }: Preflight): string {
  const short = quotas.filter(({ shortBy }) => shortBy > 0);
  const verdict = fits
    ? pc.green(`Stack "${stack}" fits: nothing is short, nothing is in the way.`)
    : pc.red(`Stack "${stack}" does not fit: ${short.length} quota(s) short, ${findings.length} finding(s).`);
  return [
    tableOf(quotas),
    ...findings.map((finding) => `- ${finding}`),
    ...notes.map((note) => `  ${note}`),
    verdict,
  ].join("\n");
}

function tableOf(rows: readonly BalanceRow[]): string {
  const table = new Table({
    head: ["quota", "limit", "used", "have", "need", "short by"],
    colAligns: ["left", "right", "right", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const { what, limit, used, have, need, shortBy } of rows) {
    const open = limit === undefined ? "?" : "no limit";
    const cells = [
      what,
      have === undefined ? open : String(limit),
      String(used ?? "?"),
      String(have ?? open),
      String(need),
    ];
    table.push(shortBy > 0 ? [...cells, String(shortBy)].map((cell) => pc.red(cell)) : [...cells, "-"]);
  }
  return table.toString();
}
