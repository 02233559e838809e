/** A result as near to what the tool itself can do as this part of it says more of the tool than of the middleware. */
const NEAR_CEILING = 0.8;

/** Part of the offered rate that must have been done for a middleware to have kept up. */
const KEPT_UP = 0.95;

/** Part of a processor beyond which a client process is busy with itself. */
const BUSY = 0.8;

export interface Measured {
  /** Messages a second that were meant to be sent; none in a closed loop. */
  offered: number | undefined;
  /** Messages a second that were done. */
  achieved: number;
  /** What the tool does with the same clients, servers and size against no middleware, in messages a second. */
  ceiling: number | undefined;
  /** Milliseconds by which sending came late: the 99th percentile. */
  lateness: number;
  /** 99th percentile of what was measured. */
  latency: number;
  /** The busiest client's processor time, as a part of the time that passed. */
  clientBusy: number;
}

/** Why a number must be taken with care; empty when nothing is known against it. */
export function marksOf({ offered, achieved, ceiling, lateness, latency, clientBusy }: Measured): string[] {
  const marks: string[] = [];
  if (offered !== undefined && ceiling !== undefined && offered > ceiling) {
    marks.push(`beyond the tool's ceiling (${Math.round(ceiling)}/s): not a figure of the middleware`);
  } else if (ceiling !== undefined && achieved > NEAR_CEILING * ceiling) {
    marks.push(`within 20 % of the tool's ceiling (${Math.round(ceiling)}/s)`);
  }
  if (offered !== undefined && achieved < KEPT_UP * offered) marks.push("did not keep up with the offered rate");
  if (clientBusy > BUSY) marks.push(`a client was busy ${Math.round(clientBusy * 100)} % of the time`);
  if (latency > 0 && lateness > 0.1 * latency && lateness > 1) {
    marks.push(`sent late (99 % within ${lateness.toFixed(1)} ms, which the latencies contain)`);
  }
  return marks;
}
