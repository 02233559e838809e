import type { Received } from "../patterns/receiver";
import type { Sent } from "../patterns/sender";
import type { Schedule } from "../stats/schedule";
import type { PatternName, Target } from "../transports/transport";

/** What a process is to be: everything that it needs, since it shares nothing with the one that started it. */
export interface Role {
  role: "client" | "server";
  target: Target;
  pattern: PatternName;
  topic: string;
  /** 0-based, among those of its role. */
  index: number;
  /** Bytes of a message. */
  size: number;
  timeoutMs: number;
}

/** Open: messages come at a rate, whatever became of those before. Closed: so many are under way at any time. */
export type Load =
  | ({ kind: "open" } & Schedule)
  | { kind: "closed"; inFlight: number; clients: number; warmup: number; seconds: number };

/** From the process that started it. */
export type Order =
  { do: "begin"; role: Role } | { do: "run"; load: Load; start: number } | { do: "report" } | { do: "end" };

/** A client's report: what it sent, and the part of the time for which it was busy. */
export type ClientReport = Sent & { busy: number };

/** To the process that started it. */
export type Answer =
  | { is: "ready" }
  | { is: "progress"; done: number }
  | { is: "ran"; report: ClientReport }
  | { is: "received"; report: Received }
  | { is: "failed"; message: string };
