import { listen, send, until, using } from "./actors";
import type { Subject } from "./promise";

/** Notifications that are sent before something happens. */
export const SENT = 30;

/** Milliseconds in which all must have come to the listener. */
const PATIENCE = 30_000;

/** Sends notifications while nobody listens, lets something happen, and counts what a later listener gets. */
export async function keptOver(subject: Subject, event: () => Promise<void>): Promise<{ taken: number; got: number }> {
  const topic = subject.topic();
  const taken = await using(async (open) => {
    const client = await open(subject.transport.connect(subject.target));
    let accepted = 0;
    for (let at = 0; at < SENT; at++) {
      const failed = await send(subject, client, topic, [1, at], { size: 1024 }).then(
        () => false,
        () => true,
      );
      if (!failed) accepted += 1;
    }
    return accepted;
  });
  await event();
  return using(async (open) => {
    const listener = await open(listen(subject, topic));
    await until(() => listener.seen.distinct >= taken, PATIENCE);
    return { taken, got: listener.seen.distinct };
  });
}
