import { closest } from "fastest-levenshtein";
import { z } from "zod";

import { UserError } from "../../components/errors";
import { platformFindings } from "./platform";
import { SECTIONS, type Section, type StackConfig } from "./schema";

/** Where a value came from, for errors. */
export interface ConfigSource {
  /** The file, such as `stacks/Pulumi.dev.yaml`. */
  file: string;
  /** The line (from 1) of a path of keys in the file, if it can be found. */
  lineOf?: (path: readonly PropertyKey[]) => number | undefined;
  /** Sections whose values are secrets, and so are not quoted. */
  secret?: ReadonlySet<string>;
}

/** Checks all sections at once and reports every mistake: its path, what was given, what is allowed, and the file. */
export function parseConfig(sections: Readonly<Record<string, unknown>>, source: ConfigSource): StackConfig {
  const findings = Object.keys(sections)
    .filter((key) => !(key in SECTIONS))
    .map((key) => finding(source, [key], `\`${key}\` is not a section; ${suggest(key, Object.keys(SECTIONS))}`));
  if (sections["cloud"] === undefined) {
    findings.push(
      finding(source, [], '`cloud` is missing; it must say at least `release`, such as `release: "2026.1"`'),
    );
  }
  const parsed: Record<string, unknown> = { reads: {} };
  for (const key of Object.keys(SECTIONS) as Section[]) {
    if (sections[key] === undefined) continue;
    const result = SECTIONS[key].safeParse(sections[key]);
    if (result.success) parsed[key] = result.data;
    else findings.push(...result.error.issues.flatMap((issue) => describe(issue, [key], sections, source)));
  }
  if (findings.length > 0) throw UserError.all(findings);
  const config = parsed as unknown as StackConfig;
  findings.push(...platformFindings(config).map(({ path, message }) => finding(source, path, message)));
  if (findings.length > 0) throw UserError.all(findings);
  return config;
}

type Issue = z.core.$ZodIssue;

function describe(
  issue: Issue,
  prefix: readonly PropertyKey[],
  sections: Readonly<Record<string, unknown>>,
  source: ConfigSource,
): string[] {
  const path = [...prefix, ...issue.path];
  const given = valueAt(sections, path);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(path);
    return issue.keys.map((key) =>
      finding(source, [...path, key], `\`${dotted([...path, key])}\` is not known; ${suggest(key, known)}`),
    );
  }
  if (given === undefined && issue.code !== "custom") {
    return [finding(source, path.slice(0, -1), `\`${dotted(path)}\` is missing; it must be ${allowed(issue)}`)];
  }
  return [
    finding(
      source,
      path,
      `\`${dotted(path)}\` must be ${allowed(issue)}, got ${source.secret?.has(String(path[0])) ? "[secret]" : show(given)}`,
    ),
  ];
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: "a whole number",
  record: "an object",
  object: "an object",
  array: "a list",
  string: "a text",
};

/** What is allowed, in words. */
function allowed(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPE_NAMES[issue.expected] ?? `a ${issue.expected}`;
    case "invalid_value":
      return issue.values.length === 1 ? show(issue.values[0]) : `one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return issue.origin === "number" || issue.origin === "int"
        ? `at least ${issue.minimum}`
        : `of at least ${issue.minimum} ${issue.origin === "array" ? "item" : "character"}(s)`;
    case "too_big":
      return issue.origin === "number" || issue.origin === "int"
        ? `at most ${issue.maximum}`
        : `of at most ${issue.maximum} ${issue.origin === "array" ? "item" : "character"}(s)`;
    case "invalid_union":
      return `one of: ${[...new Set(issue.errors.flat().map(allowed))].join(", ")}`;
    case "invalid_key":
      return `named by ${issue.issues.map(allowed).join(", ")}`;
    case "invalid_format":
      return issue.message;
    default:
      return issue.message.replace(/^give /, "given as ");
  }
}

function finding(source: ConfigSource, path: readonly PropertyKey[], text: string): string {
  const line = source.lineOf?.(path);
  return `${text} (${source.file}${line === undefined ? "" : `:${line}`}).`;
}

function suggest(key: string, known: readonly string[]): string {
  if (known.length === 0) return "remove it";
  return `did you mean \`${closest(key, [...known])}\`? Known here: ${known.join(", ")}`;
}

/** The keys that the schema knows at a path of the configuration. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  const [section, ...rest] = path;
  let schema: unknown = SECTIONS[section as Section];
  for (const key of rest) schema = childSchema(schema, key);
  const object = unwrap(schema);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function childSchema(schema: unknown, key: PropertyKey): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return inner.shape[String(key)];
  if (inner instanceof z.ZodRecord) return inner.valueType;
  if (inner instanceof z.ZodArray) return inner.element;
  return undefined;
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault)
    inner = inner.unwrap();
  return inner;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join(".");
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
