import { existsSync } from "node:fs";

import type { Command } from "commander";

import { UserError } from "../../../components/errors";
import { type LoadFlags, parseLoad, repeated, withShape } from "../options";
import { emit, type OutputFlags } from "../report/output";
import { report } from "../report/report";
import { formatRuns } from "../report/table";
import type { RunResult } from "../run";
import { PATTERNS } from "../transports/transport";
import { measureOslo } from "./measure";
import { OsloAgent } from "./OsloAgent";

interface OsloFlags extends OutputFlags, LoadFlags {
  config: string[];
  python: string;
}

/** Adds the command that measures the real oslo.messaging. */
export function osloCommand(program: Command, say: (text: string) => void): Command {
  const command = program
    .command("oslo")
    .description("Messages of the real oslo.messaging, in Python processes that read a service's configuration files.");
  return withShape(command)
    .addOption(
      repeated("--config <file>", "configuration file, a later one goes over an earlier", "none, which is an error"),
    )
    .option("--python <path>", "interpreter that has oslo.messaging", "python3")
    .addOption(repeated("--pattern <pattern>", PATTERNS.join(", "), "call"))
    .option("--rate <rates>", "messages a second of all clients; several by commas", "50")
    .action((flags: OsloFlags) => measure(flags, say));
}

async function measure(flags: OsloFlags, say: (text: string) => void): Promise<void> {
  const plan = parseLoad(flags);
  checkFiles(flags.config);
  const runs: RunResult[] = [];
  for (const pattern of plan.patterns.length > 0 ? plan.patterns : (["call"] as const)) {
    for (const load of plan.loads) {
      if (load.kind !== "open") continue;
      say(`oslo.messaging, ${pattern}: ${load.rate}/s`);
      const agent = () => new OsloAgent(flags.python, flags.config);
      runs.push(await measureOslo({ ...plan, ...load, pattern, agent }));
    }
  }
  emit(report("oslo.messaging", { runs }), flags, formatRuns(runs));
}

function checkFiles(files: readonly string[]): void {
  if (files.length === 0) {
    throw new UserError(
      "`--config` must name a service's configuration files; none is given. Give it once for each file.",
    );
  }
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === 0) return;
  throw new UserError(
    `\`--config\` must be a configuration file of a service; ${missing.join(", ")}: there is none. ` +
      "A stack renders them as `serviceConfig`, for `/etc/<service>`.",
  );
}
