import type { HostSettings, InstallMethod } from "../../compute/host/plan";
import { UserError } from "../../errors";
import type { MessagingServerArgs } from "./serverArgs";

/** Daemons that a distribution packages, and why the others are none of them. */
const NOT_PACKAGED: Record<string, string | undefined> = {
  artemis: "no distribution packages Artemis",
  kafka: "no distribution packages Kafka",
  "skupper-router": "no distribution packages a router",
  "qpid-dispatch": "no distribution packages a router",
};

/** Refuses to install by package what comes in containers only; `field` is what the user set. */
export function checkInstall(daemon: string, method: InstallMethod | undefined, field: string): void {
  const reason = NOT_PACKAGED[daemon];
  if (method !== "package" || reason === undefined) return;
  throw new UserError(`\`${field}\` "package" cannot install ${daemon}: ${reason}. Take "container".`);
}

/** The settings of one role's servers: what holds for all, and how this role is installed. */
export function settingsOf(
  args: Pick<MessagingServerArgs, "servers" | "install" | "adminCidrs">,
): HostSettings & { install: InstallMethod } {
  const { servers, install = servers?.install ?? "container", adminCidrs = [] } = args;
  return { ...servers, install, adminCidrs };
}
