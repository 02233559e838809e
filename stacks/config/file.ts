import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { isMap, LineCounter, parseDocument } from "yaml";

import type { ConfigSource } from "./parse";

/** Namespace of the configuration keys: the project's name. */
export const NAMESPACE = "openstack-fabric";

/** The configuration file of a stack, for errors with line numbers; the file is read only when an error needs it. */
export function configSource(projectRoot: string, stack: string): ConfigSource {
  const file = join("stacks", `Pulumi.${basename(stack)}.yaml`);
  return { file, lineOf: (path) => lineOf(join(projectRoot, file), path) };
}

function lineOf(file: string, path: readonly PropertyKey[]): number | undefined {
  const [section, ...rest] = path.map((key) => (typeof key === "number" ? key : String(key)));
  if (section === undefined || !existsSync(file)) return undefined;
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines });
  const keys = ["config", `${NAMESPACE}:${section}`, ...rest];
  const last = keys.pop();
  const parent = document.getIn(keys, true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => String(item.key) === String(last));
  const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
  return range === undefined ? undefined : lines.linePos(range[0]).line;
}

/** The sections that a configuration file has, without a running engine; values are as YAML gives them. */
export function readSections(projectRoot: string, stack: string): Record<string, unknown> {
  const file = join(projectRoot, "stacks", `Pulumi.${basename(stack)}.yaml`);
  const parsed = parseDocument(readFileSync(file, "utf8")).toJS() as { config?: Record<string, unknown> } | null;
  return sectionsOf(parsed?.config ?? {});
}

/** Keeps the keys of this project and drops their namespace. */
export function sectionsOf(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${NAMESPACE}:`));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(NAMESPACE.length + 1), value]));
}
