/** Marks a value in the engine's JSON as something other than a plain object (`sdk/go/common/resource/sig`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** What the engine writes for values that it does not know yet (`sdk/go/common/resource/plugin/rpc.go`). */
const UNKNOWN = new Set([
  ...["1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", "3eeb2bf0-c639-47a8-9e75-3b44932eb421"],
  ...["04da6b54-80e4-46f7-96ec-b56ff0331ba9", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"],
  ...["030794c1-ac77-496b-92df-f27374a8bd58", "e48ece36-62e2-4504-bad9-02848725956a"],
  ...["dd056dcd-154b-4c76-9bd3-c8f88648b5ff", "[unknown]", "computed<string>"],
]);

export const SECRET = "[secret]";
export const COMPUTED = "(computed)";

/** A secret this short is no secret, and masking it would mask half the report. */
const SHORTEST = 4;

export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && UNKNOWN.has(value);
}

function isSecret(value: object): value is { plaintext?: string; value?: unknown } {
  return (value as Record<string, unknown>)[SIGNATURE] === SECRET_SIGNATURE;
}

/** Texts of all values that are marked as secret anywhere below: nothing that has one of them may be shown. */
export function secretsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (isSecret(value)) return textsIn(value.plaintext ?? value.value);
  return Object.values(value).flatMap(secretsIn);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value, ...(parsedText(value) ?? [])].filter((text) => text.length >= SHORTEST);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** The engine writes a secret's value as JSON text. */
function parsedText(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value === text ? undefined : textsIn(value);
  } catch {
    return undefined;
  }
}

/** A value as the report has it: no secrets, no signatures, keys in order, nothing that providers note for themselves. */
export function plain(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") {
    if (isUnknown(value)) return COMPUTED;
    return secrets.some((secret) => value.includes(secret)) ? SECRET : value;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => plain(one, secrets));
  if (isSecret(value)) return SECRET;
  const entries = Object.entries(value)
    .filter(([key]) => key !== "__defaults" && key !== SIGNATURE)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, plain(one, secrets)]));
}

/** A plain value as one text. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The value at a path of the engine's: `a.b[0]["c.d"]`. */
export function valueAt(value: unknown, path: string): unknown {
  return keysOf(path).reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    value,
  );
}

/** The keys of a path; the first is the property that dependencies are noted for. */
export function keysOf(path: string): string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted?.replaceAll(/\\(.)/g, "$1") ?? index ?? name ?? "",
  );
}
