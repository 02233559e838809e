import { type BoxChange, byText, type Operation, OPERATIONS, SIGNS } from "./model";

/** What happens to one thing. */
export interface Change {
  operation: Operation;
  /** Names of the properties that are the reason, and values of harmless ones. */
  reasons: string[];
}

/** What an update does, by the keys of things. */
export type Changes = ReadonlyMap<string, Change>;

/** What happens to a box of one thing; nothing in a picture of a plan. */
export function changeOf(changes: Changes | undefined, key: string): BoxChange | undefined {
  if (changes === undefined) return undefined;
  const operation = changes.get(key)?.operation;
  return { whole: operation, counts: operation === undefined ? {} : { [operation]: 1 }, single: true };
}

/** What happens to a box of several; one operation on all of them is the box's own. */
export function changeOfAll(changes: Changes | undefined, keys: readonly string[]): BoxChange | undefined {
  if (changes === undefined) return undefined;
  const counts: Partial<Record<Operation, number>> = {};
  for (const key of keys) {
    const operation = changes.get(key)?.operation;
    if (operation !== undefined) counts[operation] = (counts[operation] ?? 0) + 1;
  }
  const [only, ...others] = Object.entries(counts) as [Operation, number][];
  const whole = only !== undefined && others.length === 0 && only[1] === keys.length ? only[0] : undefined;
  return { whole, counts, single: false };
}

/** Why, for the tooltip. */
export function reasonsOf(changes: Changes | undefined, key: string): string[] {
  const change = changes?.get(key);
  if (change === undefined) return [];
  return [change.reasons.length === 0 ? change.operation : `${change.operation}: ${change.reasons.join(", ")}`];
}

/** Changed ones first, for they are what is looked for; by operation, then by name. */
export function changedFirst<T extends { key: string }>(things: readonly T[], changes: Changes | undefined): T[] {
  const rank = ({ key }: T) => {
    const operation = changes?.get(key)?.operation;
    return operation === undefined ? OPERATIONS.length : OPERATIONS.indexOf(operation);
  };
  return [...things].sort((a, b) => rank(a) - rank(b) || byText(a.key, b.key));
}

/** A name with the sign of what happens to it before it. */
export function signed(text: string, key: string, changes: Changes | undefined): string {
  const operation = changes?.get(key)?.operation;
  return operation === undefined ? text : `${SIGNS[operation]} ${text}`;
}
