import { setTimeout as sleep } from "node:timers/promises";

import { Member } from "../processes/Member";
import { now } from "../stats/clock";
import { listen, reach, send, using } from "./actors";
import { type PatternPromise, type Subject, verdict } from "./promise";

/** Milliseconds between calls, what each has, and how long it must go well to count as well again. */
const EVERY = 50;
const TIMEOUT = 2_000;
const WELL = 2_000;

/** Seconds after the loss within which it must go well again. */
const PATIENCE = 30;

export const reconnect: PatternPromise = {
  id: "reconnect",
  text: `after the loss of the member that clients are connected to, it goes well again within ${PATIENCE} s`,
  patterns: ["call", "notification"],
  disruptive: true,
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
    try {
      const seen = await watch(
        (at) => send(subject, client, topic, [1, at], { timeoutMs: TIMEOUT }),
        () => member.crash(),
      );
      return judged(subject, `${member.name} killed`, seen);
    } finally {
      await member.start();
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
      const seen = await watch((at) => send(subject, client, topic, [1, at], { timeoutMs: TIMEOUT }), lose);
      return judged(subject, "the server killed and started", seen);
    });
  } finally {
    await server.end();
  }
}

interface Watched {
  failed: number;
  /** Seconds from the loss until it went well again for good; none: not within the time. */
  seconds: number | undefined;
}

/** Sends at a fixed rate, lets something be lost, and sees when it goes well again. */
async function watch(one: (at: number) => Promise<unknown>, lose: () => Promise<void>): Promise<Watched> {
  await one(0);
  const lost = now();
  // It is lost from its end on, not from when that was asked for; nobody waits for what replaces it.
  const losing = lose();
  let [failed, well, lastFailure] = [0, undefined as number | undefined, lost];
  for (let at = 1; now() < lost + PATIENCE * 1000; at++) {
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
    if (well !== undefined && now() - well > WELL + TIMEOUT) break;
    await sleep(EVERY);
  }
  await losing;
  return { failed, seconds: well === undefined ? undefined : (well - lost) / 1000 };
}

function judged({ pattern }: Subject, what: string, { failed, seconds }: Watched) {
  const things = pattern === "call" ? "calls" : "messages";
  const again =
    seconds === undefined ? `not well again within ${PATIENCE} s` : `well again after ${seconds.toFixed(1)} s`;
  return verdict(seconds !== undefined, `${what}: ${failed} ${things} failed, ${again}`);
}
