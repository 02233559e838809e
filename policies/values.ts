/**
 * A property as the engine hands it to a policy. Secrets stay marked, and what a preview cannot know is UNKNOWN:
 * `@pulumi/policy` by itself takes the mark off, and throws when something unknown is read.
 */
export type Value = Plain | Secret | typeof UNKNOWN;
export type Plain = string | number | boolean | null | readonly Value[] | Props;
export interface Props {
  readonly [key: string]: Value;
}

/** Known only once the update has made what it comes from. */
export const UNKNOWN = Symbol("unknown until the update");

/** A value that the engine keeps encrypted in the state and shows nowhere. */
export class Secret {
  constructor(readonly value: Value) {}
}

/** What is inside, secret or not; nothing where it is absent or unknown. */
export function known(value: Value | undefined): Plain | undefined {
  if (value instanceof Secret) return known(value.value);
  return value === UNKNOWN ? undefined : value;
}

/** Whether a preview cannot know it. */
export function isUnknown(value: Value | undefined): boolean {
  return value instanceof Secret ? isUnknown(value.value) : value === UNKNOWN;
}

/** The text of a property that is one and is known; an empty one is none. */
export function textOf(value: Value | undefined): string | undefined {
  const plain = known(value);
  return typeof plain === "string" && plain !== "" ? plain : undefined;
}

/** The number of a property that is one; Kubernetes and Terraform write some as text. */
export function numberOf(value: Value | undefined): number | undefined {
  const plain = known(value);
  if (typeof plain === "number") return plain;
  return typeof plain === "string" && /^\d+$/.test(plain) ? Number(plain) : undefined;
}

export function isTrue(value: Value | undefined): boolean {
  const plain = known(value);
  return plain === true || plain === "true";
}

/** `Array.isArray`, for lists that nobody changes. */
function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** The elements of a list; none where it is absent or unknown. */
export function listOf(value: Value | undefined): readonly Value[] {
  const plain = known(value);
  return isList(plain) ? plain : [];
}

/** The fields of an object; none where it is absent or unknown. */
export function fieldsOf(value: Value | undefined): Props {
  const plain = known(value);
  return typeof plain === "object" && plain !== null && !isList(plain) ? plain : {};
}

/** The texts of a list that are known. */
export function textsIn(value: Value | undefined): string[] {
  return listOf(value).flatMap((element) => textOf(element) ?? []);
}

/** A text somewhere in a resource's properties. */
export interface Leaf {
  /** Such as `metadata.owner` or `ports[0].ip`. */
  path: string;
  /** The last key of the path; that of the list for a list's element. */
  key: string;
  text: string;
  /** Whether it, or what it is part of, is a secret. */
  secret: boolean;
}

/** Every known text of a value. */
export function leavesOf(value: Value, path = "", key = "", secret = false): Leaf[] {
  if (value instanceof Secret) return leavesOf(value.value, path, key, true);
  if (typeof value === "string") return value === "" ? [] : [{ path, key, text: value, secret }];
  if (value === UNKNOWN || value === null || typeof value !== "object") return [];
  if (isList(value)) {
    return value.flatMap((element, index) => leavesOf(element, `${path}[${index}]`, key, secret));
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf(inner, path === "" ? name : `${path}.${name}`, name, secret),
  );
}
