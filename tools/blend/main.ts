import { parse } from "node:path";

import { Command } from "commander";

import { UserError } from "../../components/errors";
import { ownStack } from "../workspace/own";
import { measureCeiling } from "./ceiling";
import { type CommandFlags, commandMembers } from "./conformance/commands";
import { conform, type Conformance, PROMISES } from "./conformance/conform";
import { type LoadFlags, parseLoad, parsePatterns, repeated, withShape } from "./options";
import { osloCommand } from "./oslo/command";
import { emit, type OutputFlags, readReport } from "./report/output";
import { labelled, report } from "./report/report";
import { formatChecks, formatConformance, formatRuns } from "./report/table";
import { run, type RunResult } from "./run";
import { selfTest } from "./selfTest";
import { type Aim, givenTarget, stackTargets } from "./targets";
import { copiesOf, transportOf } from "./transports/registry";
import { type PatternName, PATTERNS } from "./transports/transport";

/** What the process ends with. */
const EXIT = { good: 0, bad: 1, error: 2 } as const;

/** Holds the URL where others may list the machine's processes with their arguments. */
const URL_VARIABLE = "BLEND_URL";

interface TargetFlags {
  stack?: string;
  dir?: string;
  ca?: string;
  tls?: boolean;
}

/** The target that was given, as an argument or in the environment, or all of a stack. */
async function aims(given: string | undefined, flags: TargetFlags): Promise<Aim[]> {
  const url = given ?? (flags.stack === undefined ? process.env[URL_VARIABLE] : undefined);
  if ((url === undefined) === (flags.stack === undefined)) {
    throw new UserError(`Give either a transport URL (as an argument or in $${URL_VARIABLE}) or \`--stack <stack>\`.`);
  }
  if (flags.stack !== undefined) return stackTargets(ownStack(flags.stack, flags.dir));
  return [{ target: givenTarget(url ?? "", flags.ca, flags.tls), patterns: PATTERNS }];
}

/** Of the patterns that a target is there for, those that were asked for; without any, all that the transport carries. */
function wanted({ target, patterns }: Aim, asked: readonly PatternName[]): PatternName[] {
  if (asked.length > 0) return patterns.filter((pattern) => asked.includes(pattern));
  const carried = transportOf(target).patterns(target);
  return patterns.filter((pattern) => typeof carried[pattern] === "string");
}

function say(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
}

async function load(
  url: string | undefined,
  flags: LoadFlags & TargetFlags & OutputFlags & { pid: string[] },
): Promise<void> {
  const plan = parseLoad(flags);
  const wants = (await aims(url, flags)).flatMap((aim) =>
    wanted(aim, plan.patterns).map((pattern) => ({ target: aim.target, pattern })),
  );
  // What is refused is refused before anything is measured.
  for (const { target, pattern } of wants) copiesOf(target, pattern);
  const { clients, servers, size, timeoutMs } = plan;
  const [runs, failed]: [RunResult[], string[]] = [[], []];
  for (const { target, pattern } of wants) {
    const shape = { pattern, clients, servers, size };
    const progress = (text: string) => say(`${target.name}, ${pattern}: ${text}`);
    try {
      progress("the tool's own ceiling");
      const ceiling = await measureCeiling(shape);
      for (const one of plan.loads) {
        runs.push(await run({ ...shape, target, timeoutMs, load: one, pids: plan.pids, ceiling, progress }));
      }
    } catch (error) {
      failed.push(`${target.name}, ${pattern}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (runs.length > 0) emit(report("Load", { runs }), flags, formatRuns(runs));
  if (failed.length > 0) throw UserError.all(failed);
}

type ConformFlags = TargetFlags & OutputFlags & CommandFlags & { pattern: string[]; promise: string[] };

async function promises(url: string | undefined, flags: ConformFlags): Promise<void> {
  const findings: string[] = [];
  const patterns = parsePatterns(findings, flags.pattern);
  const known = PROMISES.map(({ id }) => id);
  const wrong = flags.promise.filter((id) => !known.includes(id));
  if (wrong.length > 0) findings.push(`\`--promise\` must be ${known.join(", ")}; given is "${wrong.join('", "')}".`);
  if (findings.length > 0) throw UserError.all(findings);
  const all: Conformance[] = [];
  for (const aim of await aims(url, flags)) {
    const members = commandMembers(aim.target, flags);
    const only = flags.promise.length > 0 ? flags.promise : undefined;
    const of = patterns.length > 0 ? wanted(aim, patterns) : aim.patterns;
    if (of.length === 0) continue;
    all.push(await conform(aim.target, { patterns: of, promises: only, members, progress: say }));
  }
  emit(report("Conformance", { conformance: all }), flags, all.map(formatConformance).join("\n"));
  if (all.some((one) => one.findings.some(({ outcome }) => outcome === "broken"))) process.exitCode = EXIT.bad;
}

async function check(flags: OutputFlags): Promise<void> {
  const checks = await selfTest(say);
  emit(report("Self-test", { checks }), flags, formatChecks(checks));
  if (!checks.every(({ ok }) => ok)) process.exitCode = EXIT.bad;
}

function page(files: readonly string[], { html }: { html: string }): void {
  const all = files.map((file) => labelled(readReport(file), files.length > 1 ? parse(file).name : undefined));
  const together = report("Side by side", {
    runs: all.flatMap(({ runs }) => runs),
    conformance: all.flatMap(({ conformance }) => conformance),
    checks: all.flatMap(({ checks }) => checks),
  });
  emit(together, { html }, html);
}

function withTarget(command: Command): Command {
  return command
    .argument(
      "[url]",
      `transport URL, as oslo.messaging writes it: rabbit, amqp (1.0), kafka or zmq (default: $${URL_VARIABLE})`,
    )
    .option("--stack <stack>", "all transports that this stack outputs, in place of a URL")
    .option("--dir <folder>", "folder of the Pulumi project (default: this checkout)")
    .option("--ca <file>", "TLS, with this certificate authority (PEM)")
    .option("--tls", "TLS, with the system's authorities");
}

function withOutput(command: Command): Command {
  return command
    .option("--json [file]", "the result as JSON, to standard output or a file")
    .option("--html <file>", "the result as one page with charts");
}

function loadCommand(blend: Command): void {
  const command = blend.command("load").description("Clients and servers, as processes, and what they measure.");
  withShape(withOutput(withTarget(command)))
    .addOption(repeated("--pattern <pattern>", PATTERNS.join(", "), "all that it carries"))
    .option("--rate <rates>", "open loop: messages a second of all clients; several by commas (default: 100)")
    .option("--closed <counts>", "closed loop: messages under way of each client; several by commas")
    .addOption(
      repeated("--pid <pid>", "process of the middleware on this machine, whose processor time is measured", "none"),
    )
    .action(load);
}

/** The command line. */
export function program(): Command {
  const blend = new Command("blend")
    .description("Puts load on messaging backends, and their promises to the test.")
    .addHelpText(
      "after",
      "\nExit code: 0 good, 1 a promise is broken or the self-test found a difference, 2 it failed.",
    );
  loadCommand(blend);
  withOutput(withTarget(blend.command("conform").description("Every promise of every pattern, with evidence.")))
    .addOption(repeated("--pattern <pattern>", PATTERNS.join(", "), "all"))
    .addOption(repeated("--promise <name>", PROMISES.map(({ id }) => id).join(", "), "all"))
    .option(
      "--crash <command>",
      "kills the member whose host and port are in $HOST and $PORT, as a loss of power would",
    )
    .option("--stop <command>", "stops it in order")
    .option("--start <command>", "starts it, and ends when it serves")
    .action(promises);
  withOutput(blend.command("self-test").description("Measures servers of known latency, loss and stalls.")).action(
    check,
  );
  withOutput(osloCommand(blend, say));
  blend
    .command("report")
    .description("One page of several results, side by side.")
    .argument("<files...>", "results that `--json` wrote")
    .requiredOption("--html <file>", "the page")
    .action(page);
  return blend;
}

if (require.main === module) {
  program()
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.good : EXIT.error))
    .parseAsync()
    .then(() => process.exit())
    .catch((error: unknown) => {
      console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
      process.exit(EXIT.error);
    });
}
