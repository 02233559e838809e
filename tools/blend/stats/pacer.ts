import { join } from "node:path";
import { Worker } from "node:worker_threads";

import { now } from "./clock";
import { countOf, intendedAt, type Schedule } from "./schedule";

/**
 * Calls `send` for every message of a client's schedule when it is due, whatever became of those before: arrivals do
 * not wait for answers. Resolves after the last one was sent.
 */
export async function pace(
  schedule: Schedule,
  client: number,
  /** The start, in milliseconds of the machine's clock. */
  start: number,
  send: (sequence: number, intended: number) => void,
): Promise<void> {
  const count = countOf(schedule, client);
  const first = intendedAt(schedule, client, 0);
  const due = { start, first, interval: intendedAt(schedule, client, 1) - first, count };
  const turn = new Int32Array(new SharedArrayBuffer(8));
  const thread = new Worker(join(__dirname, "pacerThread.js"), { workerData: { due, turn } });
  const failed = new Promise<never>((_, reject) => thread.once("error", reject));
  try {
    for (let sent = 0; sent < count;) {
      const waiting = Atomics.waitAsync(turn, 0, sent);
      if (waiting.async) await Promise.race([waiting.value, failed]);
      for (const reached = Atomics.load(turn, 0); sent < reached; sent++)
        send(sent, start + intendedAt(schedule, client, sent));
    }
  } finally {
    await thread.terminate();
  }
}

/** Milliseconds by which something comes late. */
export function lateBy(intended: number): number {
  return Math.max(0, now() - intended);
}
