import { closest } from "fastest-levenshtein";
import { z } from "zod";

/** Mistakes that a zod schema finds, in words: the path, what was given, what is allowed, and the nearest known key. */

/** A mistake and where it is. */
export interface SchemaFinding {
  path: readonly PropertyKey[];
  text: string;
}

export interface FindingOptions {
  /** Keys that lead to the document, for what is said; paths of findings have them too. Default: none. */
  prefix?: readonly PropertyKey[];
  /** The document is a secret, and so is not quoted. Default: it is none. */
  secret?: boolean;
}

type Issue = z.core.$ZodIssue;

/** What is wrong with a document, all at once; nothing when the schema accepts it. */
export function schemaFindings(
  schema: z.ZodType,
  document: unknown,
  issues: readonly Issue[],
  { prefix = [], secret = false }: FindingOptions = {},
): SchemaFinding[] {
  return issues.flatMap((issue): SchemaFinding[] => {
    const path = [...prefix, ...issue.path];
    const given = valueAt(document, issue.path);
    if (issue.code === "unrecognized_keys") {
      const known = knownKeys(schema, issue.path);
      return issue.keys.map((key) => ({
        path: [...path, key],
        text: `\`${dotted([...path, key])}\` is not known; ${suggest(key, known)}`,
      }));
    }
    if (given === undefined && issue.code !== "custom")
      return [{ path: path.slice(0, -1), text: `\`${dotted(path)}\` is missing; it must be ${allowed(issue)}` }];
    const shown = secret ? "[secret]" : show(given);
    return [{ path, text: `\`${dotted(path)}\` must be ${allowed(issue)}, got ${shown}` }];
  });
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
      return issue.message.replace(/^(give|must be) /, (_, verb) => (verb === "give" ? "given as " : ""));
  }
}

/** How to mend an unknown key. */
export function suggest(key: string, known: readonly string[]): string {
  if (known.length === 0) return "remove it";
  return `did you mean \`${closest(key, [...known])}\`? Known here: ${known.join(", ")}`;
}

/** The keys that a schema knows at a path of its document. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const object = unwrap(path.reduce(childSchema, schema as unknown));
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

/** A value as it was given, shortened. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
