import { setTimeout as sleep } from "node:timers/promises";

import { Member } from "../processes/Member";
import { now } from "../stats/clock";
import { listen, reach, send, using } from "./actors";
import { type PatternPromise, type Subject, verdict } from "./promise";

/** Milliseconds between calls, what each has, and how long it must go well to count as well again. */
const EVERY = 50;
const TIMEOUT = 2_000;
const WELL = 2_000;

/** Seconds after the loss within which it must go well again, and those that it has once the member is back. */
const PATIENCE = 15;
const BACK = 30;

/** Messages that may fail before anything is lost. */
const TRIES = 10;

export const reconnect: PatternPromise = {
  id: "reconnect",
  text: `after the loss of the member that clients are connected to, it goes well again within ${PATIENCE} s`,
  patterns: ["call", "notification"],
  judge: (subject) => (subject.transport.direct ? serverLost(subject) : memberLost(subject)),
};

/** The first host of the URL is the one that clients connect to. */
function memberLost(subject: Subject) {
  const [member] = subject.members;
  if (member === undefined) {
    return Promise.resolve({ outcome: "not tried" as const, evidence: "no way to kill and start a member was given" });
  }
  return using(async (open) => {
    const topic = subject.topic();
    const listener = await open(listen(subject, topic));
    const client = await open(subject.transport.connect(subject.target));
    await reach(subject, client, topic, [listener]);
    let back: Promise<void> | undefined;
    const start = () => (back ??= member.start());
    try {
      const one = (at: number) => send(subject, client, topic, [1, at], { timeoutMs: TIMEOUT });
      const seen = await watch(one, { lose: () => member.crash(), bring: start });
      return judged(subject, `${member.name} killed`, seen);
    } finally {
      await start();
    }
  });
}

/** Without a broker it is the server's process that is lost, and started again. */
async function serverLost(subject: Subject) {
  const topic = subject.topic();
  const { target, pattern } = subject;
  const role = { role: "server" as const, target, pattern, topic, index: 0, size: 64, timeoutMs: TIMEOUT };
  let server = await Member.start(role);
  try {
    return await using(async (open) => {
      const client = await open(subject.transport.connect(target));
      const lose = async () => {
        await server.end("SIGKILL");
        server = await Member.start(role);
      };
      const one = (at: number) => send(subject, client, topic, [1, at], { timeoutMs: TIMEOUT });
      const seen = await watch(one, { lose, bring: () => Promise.resolve() });
      return judged(subject, "the server killed and started", seen);
    });
  } finally {
    await server.end();
  }
}

interface Watched {
  failed: number;
  /** Seconds from the loss until it went well again for good; none: not even after the member was back. */
  seconds: number | undefined;
  /** Whether it went well only after the member was back. */
  late: boolean;
}

interface Event {
  /** Takes the member away; nobody waits for what replaces it. */
  lose: () => Promise<void>;
  /** Brings it back where nothing else helps. */
  bring: () => Promise<void>;
}

/** Sends at a fixed rate, lets something be lost, and sees when it goes well again. */
async function watch(one: (at: number) => Promise<unknown>, { lose, bring }: Event): Promise<Watched> {
  await settled(() => one(0));
  const lost = now();
  const losing = lose();
  let [failed, well, lastFailure] = [0, undefined as number | undefined, lost];
  let brought: number | undefined;
  for (let at = 1; well === undefined || now() - well <= WELL + TIMEOUT; at++) {
    const began = now();
    void one(at).then(
      () => {
        if (began > lastFailure) well ??= now();
      },
      () => {
        failed += 1;
        lastFailure = now();
        well = undefined;
      },
    );
    if (well === undefined && brought === undefined && now() > lost + PATIENCE * 1000) {
      // From here on only the report gains: whether the member alone was missing.
      await bring();
      brought = now();
    }
    if (brought !== undefined && now() > brought + BACK * 1000) break;
    await sleep(EVERY);
  }
  await losing;
  return { failed, seconds: well === undefined ? undefined : (well - lost) / 1000, late: brought !== undefined };
}

/** Waits until it goes well at all: what was tried before may have left the middleware busy. */
async function settled(one: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await one();
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

function judged({ pattern }: Subject, what: string, { failed, seconds, late }: Watched) {
  const failures = `${what}: ${failed} ${pattern === "call" ? "calls" : "messages"} failed`;
  if (late) {
    const after =
      seconds === undefined ? "and not with it either" : `and with it well ${seconds.toFixed(1)} s after the loss`;
    return verdict(false, `${failures}, not well again without it within ${PATIENCE} s, ${after}`);
  }
  return verdict(seconds !== undefined, `${failures}, well again after ${(seconds ?? 0).toFixed(1)} s`);
}
