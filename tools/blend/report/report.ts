import type { Conformance } from "../conformance/conform";
import type { RunResult } from "../run";
import type { Check } from "../selfTest";

/** All that was found, as `--json` writes it and every other form is made from. */
export interface Report {
  title: string;
  runs: readonly RunResult[];
  conformance: readonly Conformance[];
  checks: readonly Check[];
}

/** A report of what there is. */
export function report(title: string, parts: Partial<Omit<Report, "title">>): Report {
  return { title, runs: [], conformance: [], checks: [], ...parts };
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
