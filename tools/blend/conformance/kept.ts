import { setTimeout as sleep } from "node:timers/promises";

import { now } from "../stats/clock";
import { listen, send, until, using } from "./actors";
import type { Subject } from "./promise";

/** Notifications that are sent before something happens. */
export const SENT = 30;

/**
 * Milliseconds between the first notification, which makes the queue, and those that count. RabbitMQ 3.10.8 lost
 * what it had confirmed when all members were killed 0.1 s after the queue was made, and nothing 3 s after.
 */
const AGE = 2_000;

/** Milliseconds in which all must have come to the listener, and after which nothing more is waited for if nothing comes. */
const PATIENCE = 30_000;
const QUIET = 12_000;

/** Sends notifications while nobody listens, lets something happen, and counts what a later listener gets. */
export async function keptOver(subject: Subject, event: () => Promise<void>): Promise<{ taken: number; got: number }> {
  const topic = subject.topic();
  const taken = await using(async (open) => {
    const client = await open(subject.transport.connect(subject.target));
    const accepted = (at: number) =>
      send(subject, client, topic, [1, at], { size: 1024 }).then(
        () => 1,
        () => 0,
      );
    let taken = await accepted(0);
    await sleep(AGE);
    for (let at = 1; at < SENT; at++) taken += await accepted(at);
    return taken;
  });
  await event();
  return using(async (open) => {
    const listener = await open(listen(subject, topic));
    let [count, since] = [0, now()];
    await until(() => {
      const { distinct } = listener.seen;
      if (distinct > count) [count, since] = [distinct, now()];
      return distinct >= taken || now() - since > QUIET;
    }, PATIENCE);
    return { taken, got: listener.seen.distinct };
  });
}
