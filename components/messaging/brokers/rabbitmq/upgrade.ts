import { compareVersions, formatVersion, isAtLeast, type RabbitmqVersion } from "./version";

/**
 * Series that a cluster of a series can be upgraded to, server by server.
 * Source: https://www.rabbitmq.com/docs/upgrade#rabbitmq-version-upgradability (November 2026).
 */
const UPGRADES: Readonly<Record<string, readonly string[]>> = {
  "3.10": ["3.11"],
  "3.11": ["3.12"],
  "3.12": ["3.13"],
  "3.13": ["4.0", "4.1", "4.2"],
  "4.0": ["4.1", "4.2"],
  "4.1": ["4.2"],
  "4.2": ["4.3"],
};

/** The newest series that the table knows; later ones are taken to follow one another. */
const NEWEST = "4.3";

/** Patches that a series must have before it is left, where not any will do. */
const LEAVES_FROM: Readonly<Record<string, string>> = { "3.11": "3.11.18" };

export function seriesOf({ major, minor }: RabbitmqVersion): string {
  return `${major}.${minor}`;
}

/** Why a cluster of one version cannot become one of another in one update, and what to do; undefined if it can. */
export function upgradeFinding(from: RabbitmqVersion, to: RabbitmqVersion): string | undefined {
  const [there, asked] = [seriesOf(from), seriesOf(to)];
  // Patches of one series run together, in either direction.
  if (there === asked) return undefined;
  if (compareVersions(to, from) < 0) {
    return `RabbitMQ cannot go back from ${there} to ${asked}. Stay with ${there}.x, or deploy a new cluster under another \`cloud.prefix\``;
  }
  const path = upgradePath(there, asked);
  if (path === undefined) {
    return `no way from ${there} to ${asked} is known. Deploy a new cluster under another \`cloud.prefix\` and move the services`;
  }
  const steps = path.slice(0, -1).map((series) => `${LEAVES_FROM[series] ?? `${series}.x`}`);
  const patch = LEAVES_FROM[there];
  if (patch !== undefined && from.patch !== undefined && !isAtLeast(from, patch)) steps.unshift(patch);
  if (steps.length === 0) return undefined;
  return (
    `RabbitMQ is not upgraded from ${formatVersion(from)} to ${asked} at once. Take ${steps.join(" first, then ")} first, then ${formatVersion(to)}: ` +
    "an update for each, with all servers up and all feature flags on in between"
  );
}

/** The shortest way through the series, without the first; the newer series where two ways are as short. */
function upgradePath(from: string, to: string): string[] | undefined {
  let ways: string[][] = [[from]];
  const seen = new Set([from]);
  while (ways.length > 0) {
    const found = ways.find((way) => way.at(-1) === to);
    if (found !== undefined) return found.slice(1);
    ways = ways.flatMap((way) =>
      next(way.at(-1) ?? from)
        .toReversed()
        .filter((series) => !seen.has(series) && seen.add(series) && order(series) <= order(to))
        .map((series) => [...way, series]),
    );
  }
  return undefined;
}

function next(series: string): readonly string[] {
  const known = UPGRADES[series];
  if (known !== undefined) return known;
  if (order(series) < order(NEWEST)) return [];
  const [major = 0, minor = 0] = series.split(".").map(Number);
  return [`${major}.${minor + 1}`];
}

/** Series in the order of their numbers; no major has a thousand minors. */
function order(series: string): number {
  const [major = 0, minor = 0] = series.split(".").map(Number);
  return major * 1000 + minor;
}
