import { type Masker, UNKNOWN } from "./mask";
import type { PropertyDiff } from "./model";
import type { Step } from "./preview";

/** What stands for a value that only the update will know. */
export const KNOWN_LATER = "(known after the update)";

/** Longer values are shortened; the report is to be read. */
const LONGEST = 160;

/** What differs between a resource's inputs before and after, masked, in the order of the paths. */
export function diffOf(step: Step, masker: Masker): PropertyDiff[] {
  const { oldState, newState, detailedDiff, replaceReasons } = step;
  const [old, made] = [clean(oldState?.inputs ?? {}), clean(newState?.inputs ?? {})];
  const found = new Map<string, PropertyDiff>();
  const replacing = new Set([...(replaceReasons ?? []), ...replacingPaths(step)]);
  const show = (value: unknown, path: string) =>
    value === undefined ? undefined : shown(masker.value(value, lastKey(path)));
  walk(old, made, "", (path, before, after) => {
    const diff = { path, old: show(before, path), new: show(after, path) };
    found.set(path, { ...diff, replaces: [...replacing].some((reason) => covers(reason, path)) });
  });
  // What the engine names beyond the inputs: secrets that look alike when masked, and what drifted in the cloud.
  for (const path of [...Object.keys(detailedDiff ?? {}), ...(step.diffReasons ?? []), ...replacing]) {
    if (hidden(path) || [...found.keys()].some((known) => covers(path, known) || covers(known, path))) continue;
    const drifted = detailedDiff?.[path]?.inputDiff === false;
    const before = at(drifted ? step.oldState?.outputs : old, path);
    const diff = { path, old: show(before, path), new: show(at(made, path), path) };
    found.set(path, { ...diff, replaces: [...replacing].some((reason) => covers(reason, path)) });
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Paths that the provider says a replacement comes from. */
export function replacingPaths({ detailedDiff }: Step): string[] {
  return Object.entries(detailedDiff ?? {}).flatMap(([path, { kind }]) => (kind.endsWith("-replace") ? [path] : []));
}

/** Whether a path is another one, or lies in it. */
export function covers(outer: string, path: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

export function lastKey(path: string): string {
  return /([^.[\]"]+)"?\]?(\[\d+\])*$/.exec(path)?.[1] ?? path;
}

const hidden = (path: string) => /(^|\.)__/.test(path);

type Visit = (path: string, old: unknown, made: unknown) => void;

function walk(old: unknown, made: unknown, path: string, visit: Visit): void {
  if (Object.is(old, made)) return;
  if (isBag(old) && isBag(made)) {
    for (const key of [...new Set([...Object.keys(old), ...Object.keys(made)])].sort()) {
      walk(old[key], made[key], joined(path, key), visit);
    }
    return;
  }
  if (Array.isArray(old) && Array.isArray(made)) {
    for (let at = 0; at < Math.max(old.length, made.length); at++) walk(old[at], made[at], `${path}[${at}]`, visit);
    return;
  }
  visit(path, old, made);
}

function joined(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

function at(value: unknown, path: string): unknown {
  const keys = [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, key]) => quoted ?? index ?? key,
  );
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key ?? ""] : undefined,
    value,
  );
}

/** Without what the SDK notes for itself, and without values that are only defaults: names it draws are among them. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (!isBag(value)) return value;
  const defaults = new Set(Array.isArray(value["__defaults"]) ? value["__defaults"] : []);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      key.startsWith("__") || defaults.has(key) ? [] : [[key, clean(item)]],
    ),
  );
}

/** A value as one line of text. */
function shown(value: unknown): string {
  const text = JSON.stringify(readable(value));
  if (text.length <= LONGEST) return text;
  // Not between the halves of one character.
  const kept = [...text].slice(0, LONGEST).join("");
  return `${kept}… (${text.length} characters)`;
}

function readable(value: unknown): unknown {
  if (typeof value === "string") return UNKNOWN.test(value) ? KNOWN_LATER : value;
  if (Array.isArray(value)) return value.map(readable);
  if (!isBag(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, readable(value[key])]),
  );
}

function isBag(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
