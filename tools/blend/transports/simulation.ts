import { now } from "../stats/clock";

/** Milliseconds before its time at which a timer hands over to a busy wait: timers have whole milliseconds only. */
const SPIN = 2;

interface Waiting {
  due: number;
  work: () => void;
}

/**
 * Does work as late as a URL's options say, to some ten microseconds, and loses an exact part of it: of 100 messages
 * with `loss=0.1` every tenth.
 */
export function simulation(options: Readonly<Record<string, string>>): (work: () => void) => void {
  const number = (name: string) => Number(options[name] ?? "0");
  const [latency, loss, stall, period] = ["latency", "loss", "stall", "period"].map(number) as [
    number,
    number,
    number,
    number,
  ];
  const begin = now();
  const waiting: Waiting[] = [];
  let lost = 0;
  let awake = false;
  const wake = () => {
    const time = now();
    while (waiting[0] !== undefined && waiting[0].due <= time) waiting.shift()?.work();
    const left = (waiting[0]?.due ?? Infinity) - time;
    awake = waiting.length > 0;
    if (!awake) return;
    if (left > SPIN) setTimeout(wake, left - SPIN);
    else setImmediate(wake);
  };
  return (work) => {
    lost += loss;
    if (lost >= 1 - 1e-9) {
      lost -= 1;
      return;
    }
    const due = afterStall(now() + latency - begin, stall, period) + begin;
    if (due <= now()) return work();
    waiting.push({ due, work });
    waiting.sort((a, b) => a.due - b.due);
    if (!awake) wake();
  };
}

/** When something that is due at a time is done by a server that stands still at the beginning of every period. */
export function afterStall(due: number, stall: number, period: number): number {
  if (period === 0) return due;
  const within = due % period;
  return within < stall ? due - within + stall : due;
}
