import type { Release } from "../releases";
import { findOption } from "./catalogue";
import type { Sections } from "./ini";
import type { LoggingSettings } from "./settings";

/** Options of oslo.log. JSON carries the request's and the user's ids as fields; as text they are in the line's prefix. */
export function loggingOptions(settings: LoggingSettings, release: Release): Sections {
  const { target = "stderr", format = "json", debug = false, levels = {} } = settings;
  return {
    DEFAULT: {
      debug,
      use_stderr: target === "stderr",
      use_journal: target === "journal",
      use_syslog: target === "syslog",
      use_json: format === "json",
      ...(format === "text" ? { logging_context_format_string: CONTEXT_FORMAT } : {}),
      ...(Object.keys(levels).length > 0 ? { default_log_levels: levelList(levels, release) } : {}),
    },
  };
}

/** The library's own prefix, and the id that a request has in every service that it passes. */
const CONTEXT_FORMAT =
  "%(asctime)s.%(msecs)03d %(process)d %(levelname)s %(name)s " +
  "[%(global_request_id)s %(request_id)s %(user_identity)s] %(instance)s%(message)s";

/** The library's list with the user's levels over it: the option replaces the whole list. */
function levelList(levels: Readonly<Record<string, string>>, release: Release): string[] {
  const standard = (findOption("DEFAULT", "default_log_levels", release)?.facts?.default ?? []) as string[];
  const all = new Map(standard.map((entry) => entry.split("=") as [string, string]));
  for (const [logger, level] of Object.entries(levels)) all.set(logger, level);
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([logger, level]) => `${logger}=${level}`);
}
