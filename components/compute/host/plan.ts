/** A file that cloud-init writes before anything starts. */
export interface HostFile {
  path: string;
  content: string;
  /** Octal mode. Default `0644`. */
  mode?: string;
}

/** A container that systemd runs by podman. */
export interface HostContainer {
  /** Name of the unit and the container. */
  name: string;
  image: string;
  description: string;
  /** Numeric user id inside the image that must be able to read the mounted files. */
  uid: number;
  /** `host path:container path[:options]`. */
  volumes: readonly string[];
  /** Command, if not the image's own. */
  exec?: string;
  environment?: Readonly<Record<string, string>>;
}

/** The same daemon as a package of the distribution brings it. */
export interface HostPackage {
  /** Names of the packages. */
  packages: readonly string[];
  /** The unit that the package brings, without `.service`. */
  unit: string;
  /** The user that it runs as; owner of `ownedDirectories`. */
  user: string;
}

/** How a server tells whether it does its work. */
export interface HostHealth {
  /** What the server is, in one word, such as `broker`. */
  role: string;
  /**
   * Script of the shell, or of what its first line (`#!`) names: it ends with 0 when the server is ready, and the last
   * line that it prints says why or why not.
   */
  check: string;
}

/** Ports that the server's own firewall lets through, over IPv4 and IPv6. */
export interface HostOpening {
  port: number;
  /** Default: `port` alone. */
  lastPort?: number;
  /** Addresses and ranges that may connect. Default: all that the security group lets through. */
  from?: readonly string[];
}

/** A script that is run again and again, by a timer. */
export interface HostJob {
  /** Name of its units, such as `fabric-members`. */
  name: string;
  description: string;
  /** The whole script, with its first line (`#!`). */
  script: string;
  /** Seconds between its end and its next start. */
  every: number;
}

/** Everything a server is told at its first boot. */
export interface HostPlan {
  hostName: string;
  /** Names that the server must resolve without a DNS. */
  hosts: readonly { hostName: string; address: string }[];
  files: readonly HostFile[];
  /** Directories that belong to the daemon's user. */
  ownedDirectories: readonly string[];
  /** Where the data volume is mounted; without it the server keeps no data. */
  dataMount?: string;
  /** Files copied once the data volume is mounted: what is written below the mount point would be hidden by it. */
  copies?: readonly { from: string; to: string }[];
  container: HostContainer;
  /** Runs instead of the container, if given. */
  package?: HostPackage;
  /** Shell script that must end with 0 before the daemon is started, at every start. */
  preStart?: string;
  health?: HostHealth;
  jobs?: readonly HostJob[];
  /** Everything else is dropped. Default: the server has no firewall of its own. */
  openings?: readonly HostOpening[];
}

/** How the daemon gets onto a server. */
export const INSTALL_METHODS = ["container", "package"] as const;
export type InstallMethod = (typeof INSTALL_METHODS)[number];

/** A collector of logs that speaks syslog over TLS (RFC 5425). */
export interface LogCollector {
  host: string;
  /** Default 6514 (IANA, syslog-tls). */
  port?: number;
}

/** What servers of one place have in common, whatever they run. */
export interface HostSettings {
  /** Default `container`. */
  install?: InstallMethod;
  /** Where images really come from, by the prefix of their names. Default: from where their names say. */
  registryMirrors?: Readonly<Record<string, string>>;
  /** Archives of Debian's or Ubuntu's packages. Default: the ones of the image. */
  packageMirror?: { main: string; security: string };
  /** Authority that servers trust beside the system's, as PEM: of mirrors and collectors. Default: none. */
  caPem?: string;
  /** Where the journal is sent to. Default: nowhere. */
  logs?: LogCollector;
  /** Ranges from which SSH is allowed. Default: none. */
  adminCidrs?: readonly string[];
}

/** The unit that runs the daemon, without `.service`. */
export function unitOf(host: Pick<HostPlan, "package" | "container">): string {
  return host.package?.unit ?? host.container.name;
}

/** Owner of the daemon's files, as `chown` takes it. */
export function ownerOf(host: Pick<HostPlan, "package" | "container">): string {
  return host.package === undefined
    ? `${host.container.uid}:${host.container.uid}`
    : `${host.package.user}:${host.package.user}`;
}

/** Where scripts of the plan lie on the server. */
export const LIB = "/usr/local/lib/fabric";

/** Exists from when the server is set up: a package's unit does not start before. */
export const SET_UP = "/var/lib/fabric/set-up";

/** Text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
