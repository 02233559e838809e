import type { Sections } from "./ini";

/** How services log; see oslo.log. */
export interface LoggingSettings {
  /** Where to: `stderr` (what starts the service keeps it), `journal` (needs systemd-python), or `syslog`. Default `stderr`. */
  target?: "stderr" | "journal" | "syslog";
  /** `json`: an object a line, with the request's ids. Default `json`. */
  format?: "json" | "text";
  /** Whether DEBUG messages are logged. Default false. */
  debug?: boolean;
  /** Levels by logger, over the library's own list, such as `{ "oslo.messaging": "WARNING" }`. Default: none. */
  levels?: Readonly<Record<string, string>>;
}

/** How services decide who may do what; see oslo.policy. */
export interface PolicySettings {
  /** Whether a token's scope must fit the rule. Default: the release's own. */
  enforceScope?: boolean;
  /** Whether the new defaults hold without the deprecated ones beside them. Default: the release's own. */
  enforceNewDefaults?: boolean;
  /** Rules by service that override its defaults. Default: none. */
  rules?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * How the options reach the services. `files`: drop-in files. `environment`: variables, read over the files.
 * `remote`: a document at an HTTPS address; only the address and what is secret lie on the server.
 */
export interface Delivery {
  /** Default `files`. */
  kind: "files" | "environment" | "remote";
  /** Address of the documents, for `remote`: a service's is `<uri>/<service><suffix>`. */
  uri?: string;
  /** What follows the service's name, such as `?raw` for consul's key-value store. Default: nothing. */
  suffix?: string;
  /** File on the server with the source's authority. Default: the system's authorities. */
  caFile?: string;
  /** Files on the server by which it is known to the source. Default: none. */
  clientCert?: string;
  clientKey?: string;
}

/** What a user decides about the services' oslo configuration. */
export interface OsloSettings {
  /** Seconds until an RPC call without a reply fails. Default 60. */
  rpcResponseTimeout?: number;
  logging?: LoggingSettings;
  policy?: PolicySettings;
  /** Default: files. */
  delivery?: Delivery;
  /** Options by service and section that go over everything else. */
  services?: Readonly<Record<string, Sections>>;
}
