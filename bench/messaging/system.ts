import type { ControlledMember } from "../../tools/blend/conformance/promise";
import type { Target } from "../../tools/blend/transports/transport";

/** Real servers on the loopback, and the ways to use them. */
export interface System {
  /** One for every way, such as the kinds of queues of one cluster. */
  targets: Target[];
  members: ControlledMember[];
  close(): Promise<void>;
}

/** The user of all measurements. */
export const USER = { name: "nova", password: "blend-secret" };

/** A transport URL over all members, in their order. */
export function urlOf(scheme: string, endpoints: readonly string[], rest = "/"): string {
  return `${scheme}://${endpoints.map((endpoint) => `${USER.name}:${USER.password}@${endpoint}`).join(",")}${rest}`;
}
