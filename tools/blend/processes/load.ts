import { setTimeout as sleep } from "node:timers/promises";

import type { Sender } from "../patterns/sender";
import { now } from "../stats/clock";
import { pace } from "../stats/pacer";
import { isCounted } from "../stats/schedule";
import type { Load } from "./orders";

/** Runs a client's part of the load; resolves when all of it was sent. */
export async function runLoad(load: Load, client: number, start: number, sender: Sender): Promise<void> {
  if (load.kind === "open") {
    await pace(load, client, start, (sequence, intended) => {
      void sender.send(sequence, intended, isCounted(load, intended - start));
    });
    return;
  }
  await sleep(Math.max(0, start - now()));
  let sequence = 0;
  const end = start + (load.warmup + load.seconds) * 1000;
  const work = async () => {
    for (let time = now(); time < end; time = now()) {
      await sender.send(sequence++, time, isCounted(load, time - start));
      // A transport that answers at once must not keep the process from reading.
      if (sequence % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  await Promise.all(Array.from({ length: load.inFlight }, work));
}
