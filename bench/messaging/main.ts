import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { Command } from "commander";

import { measureCeiling } from "../../tools/blend/ceiling";
import { conform, type Conformance } from "../../tools/blend/conformance/conform";
import { emit, report } from "../../tools/blend/report/output";
import { formatConformance, formatMatrix, formatRuns } from "../../tools/blend/report/table";
import { run, type RunResult } from "../../tools/blend/run";
import { transportOf } from "../../tools/blend/transports/registry";
import { PATTERNS } from "../../tools/blend/transports/transport";
import { artemis } from "./artemis";
import { kafka } from "./kafka";
import { rabbitmq } from "./rabbitmq";
import type { System } from "./system";
import { zeromq } from "./zeromq";

/** Systems in turn: they would take the processors from each other. */
const SYSTEMS: Record<string, () => Promise<System>> = { zeromq, rabbitmq, artemis, kafka };

/** The same for all: messages a second of all clients, seconds that count, clients, servers, bytes. */
const SHAPE = { rate: 100, seconds: 3, warmup: 1, clients: 2, servers: 2, size: 1024 };

const ceilings = new Map<string, number>();

async function measure(system: System, runs: RunResult[], all: Conformance[]): Promise<void> {
  const { clients, size } = SHAPE;
  for (const target of system.targets) {
    const carried = transportOf(target).patterns(target);
    for (const pattern of PATTERNS) {
      if (typeof carried[pattern] !== "string") continue;
      // A direct transport's clients know every server of the URL.
      const servers = transportOf(target).direct ? target.endpoints.length : SHAPE.servers;
      const shape = `${pattern} ${servers}`;
      const ceiling = ceilings.get(shape) ?? (await measureCeiling({ pattern, clients, servers, size }, 1));
      ceilings.set(shape, ceiling);
      const load = { kind: "open", ...SHAPE } as const;
      const pids = system.members.flatMap((member) => member.pids());
      say(`${target.name}, ${pattern}: load`);
      runs.push(await run({ target, pattern, clients, servers, size, timeoutMs: 5_000, load, pids, ceiling }));
    }
    all.push(await conform(target, { members: system.members, progress: say }));
  }
}

function say(text: string): void {
  process.stderr.write(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
}

/** Whether a router could be started; nothing serves one for download. */
function hasRouter(): boolean {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  return ["skrouterd", "qdrouterd"].some((name) => folders.some((folder) => existsSync(join(folder, name))));
}

interface Flags {
  only: string[];
  json?: string;
  html?: string;
}

async function main({ only, ...output }: Flags): Promise<void> {
  const [runs, conformance]: [RunResult[], Conformance[]] = [[], []];
  for (const [name, start] of Object.entries(SYSTEMS)) {
    if (only.length > 0 && !only.includes(name)) continue;
    say(`${name}: starting`);
    const system = await start();
    try {
      await measure(system, runs, conformance);
    } finally {
      await system.close();
    }
  }
  if (!hasRouter()) say("no router: neither skrouterd nor qdrouterd is on PATH; AMQP 1.0 was tried on Artemis only");
  const tables = [formatRuns(runs), ...conformance.map(formatConformance), formatMatrix(conformance)];
  emit(report("Messaging backends", { runs, conformance }), output, tables.join("\n"));
}

new Command("bench-messaging")
  .description("Real servers on the loopback: load and promises of every pattern that each carries.")
  .option(
    "--only <system>",
    `${Object.keys(SYSTEMS).join(", ")}; may be repeated`,
    (one, all: string[]) => [...all, one],
    [],
  )
  .option("--json <file>", "the result as JSON")
  .option("--html <file>", "the result as one page with charts")
  .action(main)
  .parseAsync()
  .then(() => process.exit())
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
