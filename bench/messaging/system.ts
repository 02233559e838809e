import type { ControlledMember } from "../../tools/blend/conformance/promise";
import type { PatternName, Target } from "../../tools/blend/transports/transport";

/** A promise that is known not to be kept, and why. */
export interface KnownBreach {
  pattern: PatternName;
  promise: string;
  why: string;
}

/** One way to use a system, and what is tried of it. */
export interface Trial {
  target: Target;
  /** Only this promise, and no load. Default: load, and every promise of every pattern that the transport carries. */
  only?: { pattern: PatternName; promise: string };
  breaches?: readonly KnownBreach[];
}

/** Real servers on the loopback, and the ways to use them. */
export interface System {
  /** One for every way, such as the kinds of queues of one cluster. */
  trials: Trial[];
  members: ControlledMember[];
  close(): Promise<void>;
}

/** The user of all measurements. */
export const USER = { name: "nova", password: "blend-secret" };

/** A transport URL over all members, in their order. */
export function urlOf(scheme: string, endpoints: readonly string[], rest = "/"): string {
  return `${scheme}://${endpoints.map((endpoint) => `${USER.name}:${USER.password}@${endpoint}`).join(",")}${rest}`;
}
