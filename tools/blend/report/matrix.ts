import type { Conformance } from "../conformance/conform";
import type { Outcome } from "../conformance/promise";

/** What became of each promise of one target and pattern; none: the transport carries the pattern without it. */
export interface MatrixRow {
  target: string;
  pattern: string;
  /** In the order of `promises`; none at all where the pattern is refused. */
  outcomes: readonly (Outcome | undefined)[] | "refused";
}

export interface Matrix {
  promises: readonly string[];
  rows: readonly MatrixRow[];
}

/** A row a target and pattern, a column a promise. */
export function matrixOf(all: readonly Conformance[]): Matrix {
  const findings = all.flatMap((one) => one.findings);
  const promises = [...new Set(findings.map(({ promise }) => promise))];
  const rows = all.flatMap((one) => {
    const every = [...one.findings, ...one.refusals].map(({ target, pattern }) => ({ target, pattern }));
    const keys = new Map(every.map((key) => [`${key.target}\t${key.pattern}`, key]));
    return [...keys.values()].map(({ target, pattern }): MatrixRow => {
      const mine = one.findings.filter((found) => found.target === target && found.pattern === pattern);
      const outcomes = promises.map((promise) => mine.find((found) => found.promise === promise)?.outcome);
      return { target, pattern, outcomes: mine.length === 0 ? "refused" : outcomes };
    });
  });
  return { promises, rows };
}
