import { execa } from "execa";

import { UserError } from "../../../components/errors";
import type { Target } from "../transports/transport";
import type { ControlledMember } from "./promise";

/** Shell commands that end and start members that run elsewhere. */
export interface CommandFlags {
  crash?: string;
  stop?: string;
  start?: string;
}

/** The target's hosts as members that commands control; none without commands. */
export function commandMembers({ endpoints }: Target, { crash, stop, start }: CommandFlags): ControlledMember[] {
  if (crash === undefined && stop === undefined && start === undefined) return [];
  if (crash === undefined || stop === undefined || start === undefined) {
    throw new UserError(
      "`--crash`, `--stop` and `--start` belong together: what is ended must be started. Give all three, or none.",
    );
  }
  return endpoints.map(({ host, port }) => {
    const shell = (command: string) => async () => {
      await execa("sh", ["-c", command], { env: { HOST: host, PORT: String(port) }, timeout: 300_000 });
    };
    return { name: `${host}:${port}`, pids: () => [], crash: shell(crash), stop: shell(stop), start: shell(start) };
  });
}
