import { compareReleases, type Release, RELEASES } from "../../releases";

/** What services do with messages. RPC is bracketed: nothing may be queued or stale. Notifications are never lost. */
export type Pattern = "rpc" | "notifications";

export interface Driver {
  /** Version of oslo.messaging that brought it, for messages; all releases here are newer. */
  introduced: string;
  /** The first release without it, and the version of oslo.messaging that removed it. */
  removed?: { in: Release | "pike"; version: string };
  /** Patterns that it can carry. */
  patterns: readonly Pattern[];
  /** Whether it can encrypt its connections. */
  tls: boolean;
}

/**
 * oslo.messaging's drivers. Source: its release notes (docs.openstack.org/releasenotes/oslo.messaging) and sources,
 * per version.
 */
export const DRIVERS = {
  rabbit: { introduced: "1.3.0", patterns: ["rpc", "notifications"], tls: true },
  amqp: {
    introduced: "1.4.0",
    removed: { in: "2025.1", version: "15.0.0" },
    patterns: ["rpc", "notifications"],
    tls: true,
  },
  kafka: { introduced: "3.1.0", patterns: ["notifications"], tls: true },
  zmq: { introduced: "1.3.0", removed: { in: "stein", version: "9.0.0" }, patterns: ["rpc"], tls: false },
  pika: {
    introduced: "4.1.0",
    removed: { in: "rocky", version: "6.0.0" },
    patterns: ["rpc", "notifications"],
    tls: true,
  },
  qpid: {
    introduced: "1.3.0",
    removed: { in: "pike", version: "4.0.0" },
    patterns: ["rpc", "notifications"],
    tls: true,
  },
} as const satisfies Record<string, Driver>;

export type DriverName = keyof typeof DRIVERS;

/** Whether a release's oslo.messaging still has the driver. */
export function hasDriver(name: DriverName, release: Release): boolean {
  const driver: Driver = DRIVERS[name];
  if (driver.removed === undefined) return true;
  const first = RELEASES.find((known) => known === driver.removed?.in);
  return first !== undefined && compareReleases(release, first) < 0;
}

/** Why a release lacks a driver: the last release that had it, and the version that removed it. */
export function whyGone(name: DriverName): string {
  const { removed }: Driver = DRIVERS[name];
  if (removed === undefined) return "";
  const last = RELEASES[RELEASES.findIndex((known) => known === removed.in) - 1];
  return `${last === undefined ? "" : `last in ${last}, `}removed in oslo.messaging ${removed.version}`;
}
