import { now } from "../stats/clock";
import { Latencies } from "../stats/latencies";
import { lateBy } from "../stats/pacer";
import { writePayload } from "../stats/payload";
import { type Client, type PatternName, SendError } from "../transports/transport";
import { sendAs } from "./pattern";

/** What a client did, as it goes from process to process. */
export interface Sent {
  /** Messages that count and were meant to be sent. */
  counted: number;
  /** Of them, those that were answered, or taken over by the middleware. */
  done: number;
  /** Of them, those that failed, by kind. */
  failures: Record<string, number>;
  /** From the intended start to the answer, or until the middleware had taken the message over. */
  latencies: string;
  /** How late messages were sent. */
  lateness: string;
  /** When the last of them was done, in milliseconds of the machine's clock; 0 when none was. */
  last: number;
}

/** Sends what is due, and times it from when it was due. */
export class Sender {
  private counted = 0;
  private readonly failures: Record<string, number> = {};
  private readonly latencies = new Latencies();
  private readonly lateness = new Latencies();
  private open = 0;
  private last = 0;
  done = 0;
  /** All that ended well, the warm-up too: what is shown while it runs. */
  progress = 0;

  constructor(
    private readonly client: Client,
    private readonly pattern: PatternName,
    private readonly options: { topic: string; size: number; timeoutMs: number; sender: number },
  ) {}

  async send(sequence: number, intended: number, counted: boolean): Promise<void> {
    const { topic, size, timeoutMs, sender } = this.options;
    if (counted) {
      this.counted += 1;
      this.lateness.record(lateBy(intended));
    }
    this.open += 1;
    try {
      const body = writePayload({ intended, sender, sequence, counted }, size);
      await sendAs(this.pattern, this.client, topic, body, timeoutMs);
      this.progress += 1;
      if (!counted) return;
      this.done += 1;
      this.last = now();
      this.latencies.record(this.last - intended);
    } catch (error) {
      const kind = error instanceof SendError ? error.kind : "error";
      if (counted) this.failures[kind] = (this.failures[kind] ?? 0) + 1;
    } finally {
      this.open -= 1;
    }
  }

  /** Waits for what is still under way; each ends by its own timeout. */
  async drained(): Promise<void> {
    while (this.open > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  result(): Sent {
    const { counted, done, failures, last } = this;
    return { counted, done, failures, last, latencies: this.latencies.encode(), lateness: this.lateness.encode() };
  }
}
