import { MASK, type Masker, UNKNOWN } from "./mask";
import type { PropertyDiff } from "./model";
import type { Step } from "./preview";

/** What stands for a value that only the update will know. */
const KNOWN_LATER = "(known after the update)";

/** Longer values are shortened; the report is to be read. */
const LONGEST = 160;

/** What differs between a resource's inputs before and after, masked, in the order of the paths. */
export function diffOf(step: Step, masker: Masker): PropertyDiff[] {
  const [old, made] = [step.oldState?.inputs ?? {}, step.newState?.inputs ?? {}];
  const found = new Map<string, PropertyDiff>();
  const replacing = [...(step.replaceReasons ?? []), ...replacingPaths(step)];
  const note = (path: string, before: unknown, after: unknown) => {
    const [was, is] = [before, after].map((value) => textOf(value, path, masker));
    found.set(path, { path, old: was, new: is, replaces: replacing.some((reason) => covers(reason, path)) });
  };
  walk(clean(old), clean(made), "", note);
  const named = namedPaths(step).filter(
    (path) => ![...found.keys()].some((one) => covers(path, one) || covers(one, path)),
  );
  const values = named.map((path) => ({ path, before: beforeOf(step, path), after: at(made, path) }));
  const differing = values.filter(({ path, before, after }) => {
    const [was, is] = [textOf(before, path, masker), textOf(after, path, masker)];
    return path === "id" || was !== is || is?.includes(MASK) === true;
  });
  // Providers name defaults that stay as they are, too; alone they are all there is to say.
  for (const { path, before, after } of found.size + differing.length > 0 ? differing : values)
    note(path, before, after);
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What the engine names, which may be beyond the inputs: secrets that look alike when masked, and what drifted. */
function namedPaths(step: Step): string[] {
  const { detailedDiff, diffReasons, replaceReasons } = step;
  const named = [...Object.keys(detailedDiff ?? {}), ...(diffReasons ?? []), ...(replaceReasons ?? [])];
  return [...new Set(named)].filter((path) => !hidden(path));
}

function beforeOf({ detailedDiff, oldState }: Step, path: string): unknown {
  const drifted = detailedDiff?.[path]?.inputDiff === false ? at(oldState?.outputs, path) : undefined;
  return drifted ?? at(oldState?.inputs, path);
}

function textOf(value: unknown, path: string, masker: Masker): string | undefined {
  return value === undefined ? undefined : shown(masker.value(value, lastKey(path)));
}

/** Paths that the provider says a replacement comes from. */
function replacingPaths({ detailedDiff }: Step): string[] {
  return Object.entries(detailedDiff ?? {}).flatMap(([path, { kind }]) => (kind.endsWith("-replace") ? [path] : []));
}

/** Whether a path is another one, or lies in it. */
export function covers(outer: string, path: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

function lastKey(path: string): string {
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
