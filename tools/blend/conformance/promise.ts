import type { PatternName, Target, Transport } from "../transports/transport";

/** What became of a promise. `not tried`: what is needed for it was not given. */
export type Outcome = "kept" | "broken" | "not tried";

export interface Verdict {
  outcome: Outcome;
  /** What was done and seen. */
  evidence: string;
}

/** A member of the middleware that can be ended and started. */
export interface ControlledMember {
  name: string;
  /** Its processes on this machine; empty when it runs elsewhere. */
  pids(): number[];
  /** As a server that loses its power. */
  crash(): Promise<void>;
  /** As systemd stops it. */
  stop(): Promise<void>;
  /** Resolves when it serves clients again. */
  start(): Promise<void>;
}

/** What a promise is asked of. */
export interface Subject {
  target: Target;
  transport: Transport;
  pattern: PatternName;
  /** Members in the order of the target's endpoints; empty: nothing can be ended. */
  members: readonly ControlledMember[];
  /** A topic that nobody used before. */
  topic(): string;
}

/** One promise of a pattern, and how it is put to the test. */
export interface PatternPromise {
  id: string;
  /** The promise in a sentence. */
  text: string;
  patterns: readonly PatternName[];
  judge(subject: Subject): Promise<Verdict>;
}

/** `kept` if it is so, with what was seen. */
export function verdict(isKept: boolean, evidence: string): Verdict {
  return { outcome: isKept ? "kept" : "broken", evidence };
}
