import { setTimeout as sleep } from "node:timers/promises";

import { now } from "../stats/clock";
import { residentBytes } from "../stats/processor";
import { listen, send, using } from "./actors";
import { type PatternPromise, type Subject, verdict } from "./promise";

/** Messages that are sent to a listener that stands still, in two halves; their bytes, and how many are under way. */
const HALF = 2_000;
const SIZE = 65_536;
const IN_FLIGHT = 64;

/** Milliseconds after which a message that is not taken over counts as held back, and after which a half ends. */
const HELD = 3_000;
const LONGEST = 6_000;

/** Milliseconds in which a broker notices what it holds; RabbitMQ looks every 2.5 s. */
const NOTICE = 3_000;

/**
 * Part of the second half by which a member may grow. The first half does not count: every broker fills its buffers
 * first, and a Java heap grows up to its limit whatever is kept in it.
 */
const GROWTH = 0.5;

const MIB = 1024 * 1024;

export const backPressure: PatternPromise = {
  id: "back-pressure",
  text: "where a listener stands still, senders are held back or messages go to disk: memory does not grow with them",
  patterns: ["cast", "notification"],
  judge: (subject) =>
    using(async (open) => {
      const topic = subject.topic();
      let release = () => undefined as void;
      const still = new Promise<void>((resolve) => (release = resolve));
      await open(listen(subject, topic, 0, () => still));
      const client = await open(subject.transport.connect(subject.target));
      const one = (at: number) => send(subject, client, topic, [1, at], { timeoutMs: HELD, size: SIZE });
      const measure = () => subject.members.map((member) => residentBytes(member.pids()));
      const first = await flood(one, 0);
      const before = measure();
      const second = first.held > 0 ? { taken: 0, held: 0 } : await flood(one, HALF);
      const late = first.held + second.held > 0 ? 0 : await heldLater(one);
      const grown = Math.max(0, ...measure().map((bytes, at) => bytes - (before[at] ?? 0)));
      release();
      const all = { taken: first.taken + second.taken, held: first.held + second.held + late };
      return judged(subject, all, second.taken, grown);
    }),
};

/** What became of messages. */
interface Flood {
  taken: number;
  held: number;
}

function judged({ members, transport }: Subject, all: Flood, later: number, grown: number) {
  const sent = `${mib(all.taken * SIZE)} taken over of ${mib(2 * HALF * SIZE)}`;
  if (all.held > 0) return verdict(true, `${sent}, then the sender was held back`);
  const known = members.some((member) => member.pids().length > 0);
  if (!known) {
    const evidence = `${sent}, nobody held back; the members' memory is not known here`;
    return transport.direct ? verdict(false, evidence) : { outcome: "not tried" as const, evidence };
  }
  const growth = `a member's memory grew by ${mib(grown)} with the last ${mib(later * SIZE)}`;
  return verdict(grown < GROWTH * later * SIZE, `${sent}, nobody held back; ${growth}`);
}

/** Whether the one after the last is held back, once the broker has noticed; 1 if it is. */
async function heldLater(one: (at: number) => Promise<unknown>): Promise<number> {
  await sleep(NOTICE);
  return one(2 * HALF).then(
    () => 0,
    () => 1,
  );
}

/** Sends half of all messages as fast as it goes, until some are held back. */
async function flood(one: (at: number) => Promise<unknown>, first: number): Promise<Flood> {
  let [next, taken, held] = [first, 0, 0];
  const end = now() + LONGEST;
  const work = async () => {
    while (next < first + HALF && held === 0 && now() < end) {
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
