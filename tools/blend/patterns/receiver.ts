import { now } from "../stats/clock";
import { Latencies } from "../stats/latencies";
import { readIdentity } from "../stats/payload";
import { Seen } from "../stats/seen";

/** What a server got of what counts, as it goes from process to process. */
export interface Received {
  distinct: number;
  duplicates: number;
  /** Messages after a later one of the same sender. */
  disordered: number;
  /** From the intended start to the delivery. */
  latencies: string;
  /** When the last one came, in milliseconds of the machine's clock; 0 when none did. */
  last: number;
}

/** Takes messages, and times them from when they were meant to be sent. */
export class Receiver {
  private readonly seen = new Seen();
  private readonly latencies = new Latencies();
  private last = 0;

  /** Gives the answer of a call: what came. */
  take(body: Buffer): Buffer {
    const { intended, sender, sequence, counted } = readIdentity(body);
    if (counted && this.seen.add(sender, sequence)) {
      this.last = now();
      this.latencies.record(this.last - intended);
    }
    return body;
  }

  result(): Received {
    const { distinct, duplicates, disordered } = this.seen;
    return { distinct, duplicates, disordered, last: this.last, latencies: this.latencies.encode() };
  }
}
