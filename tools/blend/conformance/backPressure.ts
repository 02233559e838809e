import { now } from "../stats/clock";
import { residentBytes } from "../stats/processor";
import { listen, send, using } from "./actors";
import { type PatternPromise, verdict } from "./promise";

/** Messages that are sent to a listener that stands still, their size in bytes, and how many are under way at a time. */
const MESSAGES = 6_000;
const SIZE = 16_384;
const IN_FLIGHT = 64;

/** Milliseconds after which a message that is not taken over counts as held back, and after which all ends. */
const HELD = 2_000;
const LONGEST = 20_000;

/** Part of the data by which a member may grow where nobody is held back. */
const GROWTH = 0.5;

const MIB = 1024 * 1024;

export const backPressure: PatternPromise = {
  id: "back-pressure",
  text: "a sender is held back, or messages go to disk, where a listener stands still: memory does not grow with them",
  patterns: ["cast", "notification"],
  judge: (subject) =>
    using(async (open) => {
      const topic = subject.topic();
      let release = () => undefined as void;
      const still = new Promise<void>((resolve) => (release = resolve));
      await open(listen(subject, topic, 0, () => still));
      const client = await open(subject.transport.connect(subject.target));
      const measure = () => subject.members.map((member) => residentBytes(member.pids()));
      const [before, own] = [measure(), process.memoryUsage.rss()];
      const { taken, held } = await flood((at) =>
        send(subject, client, topic, [1, at], { timeoutMs: HELD, size: SIZE }),
      );
      const grown = Math.max(0, ...measure().map((bytes, at) => bytes - (before[at] ?? 0)));
      const growth = process.memoryUsage.rss() - own;
      release();
      const bytes = taken * SIZE;
      const known = subject.members.some((member) => member.pids().length > 0);
      const seen = known ? `a member's memory grew by ${mib(grown)}` : "the members' memory is not known here";
      const evidence = `${mib(bytes)} taken over of ${mib(MESSAGES * SIZE)}, ${held} message(s) held back; ${seen}, this process's by ${mib(growth)}`;
      if (held === 0 && !known && !subject.transport.direct) return { outcome: "not tried", evidence };
      return verdict(held > 0 || (known && grown < GROWTH * bytes), evidence);
    }),
};

/** Sends as fast as it goes, until all is taken over or some are held back. */
async function flood(one: (at: number) => Promise<unknown>): Promise<{ taken: number; held: number }> {
  let [next, taken, held] = [0, 0, 0];
  const end = now() + LONGEST;
  const work = async () => {
    while (next < MESSAGES && held === 0 && now() < end) {
      await one(next++).then(
        () => (taken += 1),
        () => (held += 1),
      );
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return { taken, held };
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(0)} MiB`;
}
