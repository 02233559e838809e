import { posix, resolve } from "node:path";

import { UserError } from "../../errors";
import { isLocal } from "../../localFiles";
import { sparkVersionOf } from "../spark/versions";
import { contentAddress, sha256 } from "./address";
import { destinationFindings, imageOf, scheduleFindings } from "./checks";
import type { Definition } from "./definition";
import type { LoadedAnalysis } from "./load";
import { type ParameterValue, resolveParameters } from "./parameters";

/** What a run is asked for beside its definition. */
export interface RunOptions {
  /** Values of parameters as text, by name. Default: each one's default. */
  parameters?: Readonly<Record<string, string>>;
  /** Any text: with another one the same analysis is run again, beside the result that is there. Default: none. */
  rerun?: string;
  /** Where results go. Default: the definition's `outputs.to`. */
  to?: string;
  /** When it runs. Default: the definition's `schedule`. */
  schedule?: Definition["schedule"];
}

/** What the runner reads; `runner/main.py` says what each means. */
export interface ResolvedRun {
  name: string;
  address: string;
  rerun: string | null;
  entry: { file: string; function: string };
  parameters: Record<string, ParameterValue>;
  inputs: Record<string, { from: string; checksum?: string; revision?: string; observe?: boolean }>;
  outputs: { to: string; files: string[] };
  spark: string | null;
  image: string;
  lock: string | null;
  code: Record<string, string>;
  each: "changed" | "always";
  timeout: number;
  keepResults: number | null;
}

export interface PlannedRun {
  analysis: LoadedAnalysis;
  /** What it computes, as a hash. */
  address: string;
  /** Name of its objects in a cluster; a schedule's outlives the addresses of its runs. */
  objectName: string;
  /** Where its result lies. With observed inputs a run adds what it saw, and only the folder above is known. */
  prefix: string;
  schedule?: Definition["schedule"];
  run: ResolvedRun;
}

/** Decides a run: its parameters, its address, where its result lies. */
export function planRun(analysis: LoadedAnalysis, options: RunOptions = {}): PlannedRun {
  const { definition } = analysis;
  const parameters = resolveParameters(definition.parameters, options.parameters);
  const address = contentAddress(analysis, parameters, options.rerun);
  const to = (options.to ?? definition.outputs.to).replace(/\/+$/, "");
  const schedule = options.schedule ?? definition.schedule;
  const findings = definition.runs === "job" ? destinationFindings(to) : [];
  findings.push(...scheduleFindings(schedule, definition.inputs));
  if (findings.length > 0) throw UserError.all(findings);
  const observes = schedule?.each === "always" || Object.values(definition.inputs).some((input) => input.observe);
  const above = `${to}/${definition.name}/`;
  return {
    ...{ analysis, address, schedule },
    objectName: schedule === undefined ? `${definition.name}-${address.slice(0, 12)}` : definition.name,
    prefix: observes ? above : `${above}${address}/`,
    run: {
      ...resolvedRun(analysis, parameters, to),
      address,
      rerun: options.rerun ?? null,
      each: schedule?.each ?? "changed",
    },
  };
}

function resolvedRun(analysis: LoadedAnalysis, parameters: Record<string, ParameterValue>, to: string) {
  const { definition, code, lock } = analysis;
  const [file = "", called = "run"] = definition.code.entry.split(":");
  const image = imageOf(definition);
  const spark = definition.runs === "spark" ? (sparkVersionOf(image, definition.sparkVersion) ?? null) : null;
  return {
    ...{ name: definition.name, parameters, image, spark },
    entry: { file: posix.normalize(file), function: called },
    inputs: Object.fromEntries(
      Object.entries(definition.inputs).map(([name, input]) => [
        name,
        isLocal(input.from) ? { ...input, from: resolve(analysis.folder, input.from) } : input,
      ]),
    ),
    outputs: { to, files: definition.outputs.files },
    lock: lock === undefined ? null : sha256(lock),
    code: Object.fromEntries(code.map(({ path, content }) => [path, sha256(content)])),
    timeout: definition.timeout,
    keepResults: definition.keep.results ?? null,
  };
}

/** What a cluster cannot run: what only a developer's machine has, and object storage that nobody leads to. */
export function clusterFindings({ analysis, run }: PlannedRun, hasStore: boolean): string[] {
  const findings = Object.entries(analysis.definition.inputs)
    .filter(([, { from }]) => isLocal(from))
    .map(
      ([name, { from }]) =>
        `\`inputs.${name}.from\` is ${from}, a path of the developer's machine, which no pod has. Put it on EOS, S3 or a web server, with \`checksum: sha256:${analysis.localInputs[name]}\`; its results stay valid.`,
    );
  const objects = [run.outputs.to, ...Object.values(run.inputs).map(({ from }) => from)];
  const stored = objects.find((location) => location.startsWith("s3a://"));
  if (stored !== undefined && !hasStore)
    findings.push(`${stored} needs \`store\`, the object storage that has it; give its endpoint and credentials.`);
  return findings;
}
