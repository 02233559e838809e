import { UserError } from "../../../components/errors";

/** Versions whose reply waiter of the RabbitMQ driver sleeps half a second: from the first on, before the second. */
const SLEEPING = [
  [14, 8, 0],
  [18, 2, 0],
] as const;

/** Refuses a version that would measure its own sleep. */
export function refuseSleepingVersion(version: string, driver: string): void {
  if (driver !== "rabbit" || !isSleeping(version)) return;
  throw new UserError(
    `oslo.messaging ${version} is refused for calls over RabbitMQ: from 14.8.0 on and before 18.2.0 it sleeps half a second ` +
      "for every answer, so that a figure says nothing of the broker. Take 14.7.3 or earlier, or 18.2.0 or later.",
  );
}

/** Whether a version sleeps. */
export function isSleeping(version: string): boolean {
  const parts = version.split(".").map((part) => Number.parseInt(part));
  return compare(parts, SLEEPING[0]) >= 0 && compare(parts, SLEEPING[1]) < 0;
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [at, part] of other.entries()) {
    const difference = (one[at] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}
