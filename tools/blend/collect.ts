import { setTimeout as sleep } from "node:timers/promises";

import { now } from "./stats/clock";
import { sum } from "./stats/sum";

/** Milliseconds after the last message in which nothing more came: what is missing then is lost. */
const QUIET = 1_500;

/** Milliseconds between questions. */
const EVERY = 200;

/** Asks all who listen until everything was delivered, or nothing more comes. */
export async function collect<T>(
  ask: () => Promise<readonly T[]>,
  countOf: (received: T) => number,
  expected: number,
): Promise<readonly T[]> {
  for (let before = -1, since = now(); ; await sleep(EVERY)) {
    const received = await ask();
    const count = sum(received.map(countOf));
    if (count >= expected || (count === before && now() - since > QUIET)) return received;
    if (count !== before) [before, since] = [count, now()];
  }
}
