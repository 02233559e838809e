import { setTimeout as sleep } from "node:timers/promises";

import { listen, reach, send, using } from "./actors";
import { type PatternPromise, verdict } from "./promise";

/** Calls that are made while nobody serves, and the time that each has, in milliseconds. */
const CALLS = 5;
const TIMEOUT = 1_000;

/** Milliseconds between the end of the calls and the return: a broker counts a request's time from when it got it. */
const TRANSIT = 500;

/** Milliseconds in which a stale request would come to the server that has returned. */
const WATCH = 2_000;

/** The senders: of calls to a server that is away, and of one that is back. */
const STALE = 1;
const FRESH = 2;

export const nothingStale: PatternPromise = {
  id: "nothing stale",
  text: "a request whose call is over is not executed when a server comes back",
  patterns: ["call"],
  judge: (subject) =>
    using(async (open) => {
      const topic = subject.topic();
      const client = await open(subject.transport.connect(subject.target));
      const first = await open(listen(subject, topic));
      await reach(subject, client, topic, [first]);
      await first.close();
      await sleep(500);
      const calls = Array.from({ length: CALLS }, (_, at) =>
        send(subject, client, topic, [STALE, at], { timeoutMs: TIMEOUT }),
      );
      const failed = (await Promise.allSettled(calls)).filter(({ status }) => status === "rejected").length;
      await sleep(TRANSIT);
      const second = await open(listen(subject, topic));
      await reach(subject, client, topic, [second]);
      await send(subject, client, topic, [FRESH, 0]);
      await sleep(WATCH);
      const stale = Array.from({ length: CALLS }, (_, at) => second.seen.has(STALE, at)).filter(Boolean).length;
      return verdict(
        failed === CALLS && stale === 0,
        `${failed} of ${CALLS} calls failed while nobody served; ${stale} of them were executed by the server that came later`,
      );
    }),
};
