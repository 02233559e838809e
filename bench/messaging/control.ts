import type { Member } from "../../test/support/members";
import type { ControlledMember } from "../../tools/blend/conformance/promise";

/** A member as promises control it; `start` resolves when it serves clients again. */
export function controlled(member: Member, start: () => Promise<void>): ControlledMember {
  return {
    name: member.hostName,
    pids: () => (member.pid === undefined ? [] : [member.pid]),
    crash: () => member.kill(),
    stop: () => member.stop(),
    start,
  };
}
