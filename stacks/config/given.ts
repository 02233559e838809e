/** Whether a configuration has a value at a path of keys; `*` stands for every key. */
export function isGiven(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return value !== undefined;
  if (typeof value !== "object" || value === null) return false;
  if (key === "*") return Object.values(value).some((one) => isGiven(one, rest));
  return isGiven((value as Record<string, unknown>)[key], rest);
}

/** Only an analysis on a cluster that is there already: no OpenStack is asked. */
export function needsNoCloud(sections: {
  [section in "analysis" | "network" | "messaging" | "clusters" | "docker"]?: unknown;
}): boolean {
  const { analysis, network, messaging, clusters, docker } = sections;
  return analysis !== undefined && [network, messaging, clusters, docker].every((section) => section === undefined);
}
