import { workerData } from "node:worker_threads";

import { now } from "./clock";

/** A thread that only sleeps: it wakes the one that sends at each due time, far more precisely than timers do. */
const { due, turn } = workerData as {
  due: { start: number; first: number; interval: number; count: number };
  turn: Int32Array;
};

for (let sequence = 0; sequence < due.count; sequence++) {
  const left = due.start + due.first + sequence * due.interval - now();
  // Nobody notifies the second element: it is a sleep of microseconds' precision.
  if (left > 0) Atomics.wait(turn, 1, 0, left);
  Atomics.store(turn, 0, sequence + 1);
  Atomics.notify(turn, 0);
}
