import { UserError } from "../../../errors";

/** A version of RabbitMQ; without a patch where only its series is known. */
export interface RabbitmqVersion {
  major: number;
  minor: number;
  patch?: number;
}

/** The oldest series whose configuration is rendered: Debian 12's. */
export const OLDEST_RABBITMQ: RabbitmqVersion = { major: 3, minor: 10 };

/** The version that is configured for where none is given: that of the default image. */
export const DEFAULT_RABBITMQ: RabbitmqVersion = { major: 4, minor: 1, patch: 4 };

/**
 * The version in an image (`…/rabbitmq:4.1.4-management`) or a package's version (`3.10.8-1.1+deb12u1`). `rabbitmq:4.1`
 * gives a series without a patch; `rabbitmq:4`, `latest` or a digest alone give none.
 */
export function findRabbitmqVersion(imageOrPackage: string): RabbitmqVersion | undefined {
  const [named = ""] = imageOrPackage.split("@");
  const tag = named.slice(named.lastIndexOf(":") + 1);
  const found = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?![\d.])/.exec(tag);
  if (found === null) return undefined;
  const [, major, minor, patch] = found;
  return { major: Number(major), minor: Number(minor), ...(patch !== undefined && { patch: Number(patch) }) };
}

/** Like `findRabbitmqVersion`, for where a version must be known: its keys and its upgrade path depend on it. */
export function parseRabbitmqVersion(imageOrPackage: string, field: string): RabbitmqVersion {
  const version = findRabbitmqVersion(imageOrPackage);
  if (version === undefined) {
    throw new UserError(
      `\`${field}\` must say which RabbitMQ it is, as major.minor[.patch], got "${imageOrPackage}": what can be configured and upgraded ` +
        `depends on it. Take a tag such as rabbitmq:${formatVersion(DEFAULT_RABBITMQ)}.`,
    );
  }
  if (compareVersions(version, OLDEST_RABBITMQ) < 0) {
    throw new UserError(
      `\`${field}\` must be RabbitMQ ${formatVersion(OLDEST_RABBITMQ)} or later, got ${formatVersion(version)}. ` +
        `Take rabbitmq:${formatVersion(DEFAULT_RABBITMQ)} for a new cluster.`,
    );
  }
  return version;
}

export function formatVersion({ major, minor, patch }: RabbitmqVersion): string {
  return patch === undefined ? `${major}.${minor}` : `${major}.${minor}.${patch}`;
}

/** Negative, zero or positive as `a` is older than, as old as, or newer than `b`; an unknown patch counts as 0. */
export function compareVersions(a: RabbitmqVersion, b: RabbitmqVersion): number {
  return a.major - b.major || a.minor - b.minor || (a.patch ?? 0) - (b.patch ?? 0);
}

/** Whether a version has what came with `since`, such as `4.0` or `3.12.14`. */
export function isAtLeast(version: RabbitmqVersion, since: string): boolean {
  const [major = 0, minor = 0, patch = 0] = since.split(".").map(Number);
  return compareVersions(version, { major, minor, patch }) >= 0;
}
