import { UserError } from "../../errors";
import type { DataMounts } from "../kubernetes/mounts";
import { canonicalJson, sha256 } from "./address";
import type { SourceFile } from "./load";
import type { PlannedRun } from "./plan";
import { runnerFiles } from "./runnerFiles";

/** Where a pod finds the run, its code, and what runs it. */
export const MOUNT = "/opt/analysis";

/** What a config map may hold, in bytes of its values (https://kubernetes.io/docs/concepts/configuration/configmap/). */
const LIMIT = 1024 * 1024;

const RUN = "run.json";
export const LOCK = "requirements.lock";

/** The config map that carries a run into its pods, named by its content. */
export interface RunConfigMap {
  name: string;
  data: Record<string, string>;
  binaryData: Record<string, string>;
  /** The volume that lays its keys out as files. */
  volume: { name: string; items: { key: string; path: string }[] };
}

/** Arguments of the container: the runner, and the run. */
export const RUNNER = `${MOUNT}/runner/main.py`;
export const RUNNER_ARGUMENTS = [`${MOUNT}/${RUN}`];

/** Puts the resolved run, its code and the runner into one config map; refuses what is too large for it. */
export function runConfigMap(planned: PlannedRun): RunConfigMap {
  const files = filesOf(planned);
  const size = files.reduce((bytes, { content }) => bytes + content.length, 0);
  if (size > LIMIT) throw tooLarge(size, planned.analysis.code);
  const keys = files.map(({ path }, index) => `${String(index).padStart(3, "0")}-${path.replaceAll(/[^\w.-]/g, "-")}`);
  const data: Record<string, string> = {};
  const binaryData: Record<string, string> = {};
  files.forEach(({ content }, index) => {
    const text = content.toString("utf8");
    const key = keys[index]!;
    if (Buffer.from(text, "utf8").equals(content)) data[key] = text;
    else binaryData[key] = content.toString("base64");
  });
  const items = files.map(({ path }, index) => ({ key: keys[index]!, path }));
  const name = `${planned.run.name}-${sha256(canonicalJson([data, binaryData, items])).slice(0, 12)}`;
  return { name, data, binaryData, volume: { name, items } };
}

function filesOf({ analysis, run }: PlannedRun): SourceFile[] {
  return [
    { path: RUN, content: Buffer.from(`${canonicalJson(run)}\n`) },
    ...(analysis.lock === undefined ? [] : [{ path: LOCK, content: Buffer.from(analysis.lock) }]),
    ...runnerFiles().map(({ path, content }) => ({ path: `runner/${path}`, content })),
    ...analysis.code.map(({ path, content }) => ({ path: `code/${path}`, content })),
  ];
}

function tooLarge(size: number, code: readonly SourceFile[]): UserError {
  const largest = [...code].sort((a, b) => b.content.length - a.content.length)[0];
  const which = largest === undefined ? "" : ` (the largest is ${largest.path}, ${kib(largest.content.length)})`;
  return new UserError(
    `\`code.files\` and what goes with them are ${kib(size)}, and a config map holds ${kib(LIMIT)}${which}. Put data into \`inputs\` on object storage or EOS, or large code into the image.`,
  );
}

function kib(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`;
}

/** The run's files as any pod mounts them. */
export function runMounts({ volume }: RunConfigMap): DataMounts {
  return {
    volumes: [{ name: "analysis", configMap: volume }],
    volumeMounts: [{ name: "analysis", mountPath: MOUNT, readOnly: true }],
  };
}

/** All of several mounts. */
export function combined(...mounts: readonly (DataMounts | undefined)[]): DataMounts {
  const given = mounts.flatMap((mount) => mount ?? []);
  return {
    volumes: given.flatMap(({ volumes }) => volumes),
    volumeMounts: given.flatMap(({ volumeMounts }) => volumeMounts),
    env: given.flatMap(({ env = [] }) => env),
    initContainers: given.flatMap(({ initContainers = [] }) => initContainers),
  };
}
