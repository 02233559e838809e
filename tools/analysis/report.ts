import type { PlannedRun } from "../../components/analysis/runs/plan";
import type { Outcome } from "./local";

/** What became of a run, for people. */
export function describeOutcome({ state, prefix, manifest }: Outcome): string {
  const { parameters, outputs, started, finished } = manifest;
  const seconds = (Date.parse(finished) - Date.parse(started)) / 1000;
  const first =
    state === "skipped"
      ? `Not run: the same analysis with the same inputs finished at ${finished}. \`--rerun\` runs it again.`
      : `Finished in ${seconds} s.`;
  return [
    first,
    `result      ${prefix}`,
    ...Object.entries(outputs).map(([name, { bytes }]) => `            ${name}  ${bytes.toLocaleString("en")} bytes`),
    `parameters  ${listed(parameters)}`,
  ].join("\n");
}

/** What would be run, for people. */
export function describeRun({ address, prefix, run }: PlannedRun, finished: Outcome | undefined): string {
  return [
    `analysis    ${run.name}`,
    `address     ${address}`,
    `parameters  ${listed(run.parameters)}`,
    ...Object.entries(run.inputs).map(([name, { from }]) => `input       ${name}: ${from}`),
    `image       ${run.image}`,
    `result      ${prefix}`,
    `            ${finished === undefined ? "not there yet" : `finished at ${finished.manifest.finished}`}`,
  ].join("\n");
}

function listed(values: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(values).map(([name, value]) => `${name}=${String(value)}`);
  return shown.length === 0 ? "none" : shown.join(" ");
}
