import { compareReleases, type Release, RELEASES } from "../releases";
import facts from "./facts/magnum.json";

/** What Magnum's API takes of an engine, whatever the driver then does with it. */
export interface EngineApi {
  networkDrivers: readonly string[];
  volumeDrivers: readonly string[];
  serverTypes: readonly string[];
}

/** What a driver says that it makes clusters of. */
export interface Provided {
  serverType: string;
  /** The image's property `os_distro`. */
  distro: string;
  engine: string;
}

/** Magnum of an OpenStack release, as its newest version's code has it. */
export interface MagnumFacts {
  version: string;
  /** The newest microversion of its API. */
  microversion: string;
  /** By engine (`coe`). */
  engines: Readonly<Record<string, EngineApi>>;
  /** Drivers that it ships, by entry point. */
  drivers: Readonly<Record<string, readonly Provided[]>>;
}

/** Written by `tools/magnum-facts`, from Magnum's wheels. */
const FACTS: Readonly<Record<Release, MagnumFacts>> = facts;

export function magnumOf(release: Release): MagnumFacts {
  return FACTS[release];
}

/** Whether a release's API has a microversion, such as `1.10`. */
export function hasMicroversion(release: Release, needed: string): boolean {
  const [major = 0, minor = 0] = needed.split(".").map(Number);
  const [hasMajor = 0, hasMinor = 0] = magnumOf(release).microversion.split(".").map(Number);
  return hasMajor > major || (hasMajor === major && hasMinor >= minor);
}

/** The first release of which something is true. */
export function firstRelease(holds: (release: Release) => boolean): Release | undefined {
  return RELEASES.find(holds);
}

/** The last release of which something is true. */
export function lastRelease(holds: (release: Release) => boolean): Release | undefined {
  return RELEASES.findLast(holds);
}

/** Whether a release lies within a span; an open end is still there. */
export function within(release: Release, { since, until }: { since?: Release; until?: Release }): boolean {
  return (
    (since === undefined || compareReleases(release, since) >= 0) &&
    (until === undefined || compareReleases(release, until) <= 0)
  );
}
