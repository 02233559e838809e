import type { Release } from "../releases";
import { type Sections } from "./ini";
import { privsepSections, rootwrapDirs } from "./services";

/** Where a service's rootwrap is configured. */
export function rootwrapFileOf(service: string): string {
  return `/etc/${service}/rootwrap.conf`;
}

/**
 * How a service's privileged helpers are started. The command has one `--config-file` and no more: that is what the
 * filters for rootwrap that the services ship let pass. User and capabilities are what the service's code asks for.
 */
export function privilegeOptions(service: string, release: Release): Sections {
  const rootwrap = rootwrapDirs(service, release) !== undefined;
  const sudo = rootwrap ? `sudo ${service}-rootwrap ${rootwrapFileOf(service)}` : "sudo";
  const command = `${sudo} privsep-helper --config-file /etc/${service}/${service}.conf`;
  const contexts = privsepSections(service, release);
  return {
    ...Object.fromEntries(contexts.map((section) => [section, { helper_command: command }])),
    // Neutron's agents run commands by it, and its default is bare sudo.
    ...(service === "neutron" && rootwrap
      ? {
          agent: {
            root_helper: sudo,
            root_helper_daemon: `sudo neutron-rootwrap-daemon ${rootwrapFileOf(service)}`,
          },
        }
      : {}),
  };
}

/** `rootwrap.conf`, with the folders that the service's own has. */
export function renderRootwrap(service: string, execDirs: readonly string[]): string {
  const settings = {
    filters_path: `/etc/${service}/rootwrap.d,/usr/share/${service}/rootwrap`,
    exec_dirs: execDirs.join(","),
    use_syslog: "False",
    syslog_log_facility: "syslog",
    syslog_log_level: "ERROR",
  };
  return ["[DEFAULT]", ...Object.entries(settings).map(([key, value]) => `${key}=${value}`), ""].join("\n");
}
