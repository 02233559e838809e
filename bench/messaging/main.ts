import { Command, InvalidArgumentError } from "commander";

import { emit } from "../../tools/blend/report/output";
import { report } from "../../tools/blend/report/report";
import { formatConformance, formatMatrix, formatRuns } from "../../tools/blend/report/table";
import { artemis } from "./artemis";
import { kafka } from "./kafka";
import { rabbitmq } from "./rabbitmq";
import { routers } from "./routers";
import { sideBySide } from "./sideBySide";
import type { System } from "./system";
import { type Results, tryOut } from "./trial";
import { zeromq } from "./zeromq";

/** Systems in turn: they would take the processors from each other. */
const SYSTEMS: Record<string, () => Promise<System | undefined>> = { zeromq, routers, rabbitmq, artemis, kafka };

function say(text: string): void {
  process.stderr.write(`${(performance.now() / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
}

async function tryAll(name: string, start: () => Promise<System | undefined>, results: Results): Promise<void> {
  say(`${name}: starting`);
  const system = await start();
  if (system === undefined) {
    say(`${name}: neither skrouterd nor qdrouterd is on PATH; AMQP 1.0 is tried on Artemis only`);
    return;
  }
  try {
    for (const trial of system.trials) await tryOut(system, trial, results, say);
  } finally {
    await system.close();
  }
}

interface Flags {
  only: string[];
  json?: string;
  html?: string;
}

async function main({ only, ...output }: Flags): Promise<void> {
  const results: Results = { runs: [], conformance: [], surprises: [], known: [] };
  for (const [name, start] of Object.entries(SYSTEMS)) {
    if (only.length > 0 && !only.includes(name)) continue;
    await tryAll(name, start, results).catch((error: unknown) => {
      results.surprises.push(`${name} could not be tried: ${String(error)}`);
    });
  }
  const { runs, conformance, surprises, known } = results;
  const lines = [
    formatRuns(runs),
    ...conformance.map(formatConformance),
    formatMatrix(conformance),
    ...sideBySide(runs, "skupper-router", "RabbitMQ quorum"),
    ...known.map((text) => `as expected, broken: ${text}`),
    ...surprises.map((text) => `NOT AS EXPECTED: ${text}`),
  ];
  emit(report("Messaging backends", { runs, conformance }), output, lines.join("\n"));
  if (surprises.length > 0) process.exitCode = 1;
}

function oneOf(name: string, before: string[]): string[] {
  if (name in SYSTEMS) return [...before, name];
  throw new InvalidArgumentError(`It must be ${Object.keys(SYSTEMS).join(", ")}.`);
}

// An interrupted run ends in order: what was started ends with it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

new Command("bench-messaging")
  .description(
    "Real servers on the loopback: load and promises of every pattern that each carries. Exit code 1: a promise is " +
      "broken that should not be, or the other way round.",
  )
  .option("--only <system>", `${Object.keys(SYSTEMS).join(", ")}; may be repeated`, oneOf, [])
  .option("--json <file>", "the result as JSON")
  .option("--html <file>", "the result as one page with charts")
  .action(main)
  .parseAsync()
  .then(() => process.exit())
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
