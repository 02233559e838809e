/** Whether a configuration has a value at a path of keys; `*` stands for every key. */
export function isGiven(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return value !== undefined;
  if (typeof value !== "object" || value === null) return false;
  if (key === "*") return Object.values(value).some((one) => isGiven(one, rest));
  return isGiven((value as Record<string, unknown>)[key], rest);
}
