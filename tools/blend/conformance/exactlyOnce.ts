import { setTimeout as sleep } from "node:timers/promises";

import type { Copies } from "../transports/transport";
import { listen, reach, send, until, using } from "./actors";
import { type PatternPromise, verdict } from "./promise";

const MESSAGES = 50;

/** Milliseconds in which all must have come, and in which a second copy would still come. */
const PATIENCE = 20_000;
const WATCH = 500;

export const exactlyOnce: PatternPromise = {
  id: "exactly once",
  text: "every message comes once: a fan-out to each server, anything else to one of them",
  patterns: ["cast", "fanout", "notification"],
  judge: (subject) =>
    using(async (open) => {
      const topic = subject.topic();
      const copies = subject.transport.patterns(subject.target)[subject.pattern] as Copies;
      const servers = subject.transport.direct ? subject.target.endpoints.length : 3;
      const listeners = await Promise.all(
        Array.from({ length: servers }, (_, index) => open(listen(subject, topic, index))),
      );
      const client = await open(subject.transport.connect(subject.target));
      // Where one gets it, a probe cannot reach all; whoever is there takes part.
      if (copies === "each") await reach(subject, client, topic, listeners);
      for (let at = 0; at < MESSAGES; at++) await send(subject, client, topic, [1, at]);
      const wanted = copies === "each" ? MESSAGES * servers : MESSAGES;
      const got = () => listeners.reduce((sum, { seen }) => sum + seen.distinct, 0);
      await until(() => got() >= wanted, PATIENCE);
      await sleep(WATCH);
      const twice = listeners.reduce((sum, { seen }) => sum + seen.duplicates, 0);
      return verdict(
        got() === wanted && twice === 0,
        `${MESSAGES} messages to ${servers} servers: ${got()} of ${wanted} deliveries, ${twice} too many`,
      );
    }),
};
