import { existsSync } from "node:fs";

import type { Command } from "commander";

import { UserError } from "../../../components/errors";
import { parseLoad } from "../options";
import { emit, type OutputFlags } from "../report/output";
import { report } from "../report/report";
import { formatRuns } from "../report/table";
import type { RunResult } from "../run";
import { PATTERNS } from "../transports/transport";
import { measureOslo } from "./measure";
import { OsloAgent } from "./OsloAgent";

interface OsloFlags extends OutputFlags {
  config: string[];
  python: string;
  pattern: string[];
  rate: string;
  clients: string;
  servers: string;
  size: string;
  seconds: string;
  warmup: string;
  timeout: string;
}

/** Adds the command that measures the real oslo.messaging. */
export function osloCommand(program: Command, say: (text: string) => void): Command {
  return program
    .command("oslo")
    .description("Messages of the real oslo.messaging, in Python processes that read a service's configuration files.")
    .requiredOption("--config <file>", "configuration file; may be repeated, later ones go over earlier", list, [])
    .option("--python <path>", "interpreter that has oslo.messaging", "python3")
    .option("--pattern <pattern>", `${PATTERNS.join(", ")}; may be repeated (default: call)`, list, [])
    .option("--rate <rates>", "messages a second of all clients; several by commas", "50")
    .option("--clients <count>", "client processes", "2")
    .option("--servers <count>", "server processes", "2")
    .option("--size <bytes>", "bytes of a message", "1024")
    .option("--seconds <count>", "seconds that count", "10")
    .option("--warmup <count>", "seconds before them", "2")
    .option("--timeout <seconds>", "of a call", "10")
    .action((flags: OsloFlags) => measure(flags, say));
}

const list = (value: string, before: string[]) => [...before, value];

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
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === 0) return;
  throw new UserError(
    `\`--config\` must be a configuration file of a service; ${missing.join(", ")}: there is none. ` +
      "A stack renders them as `serviceConfig`, for `/etc/<service>`.",
  );
}
