import { join, resolve } from "node:path";

import { Command } from "commander";

import { loadAnalysis } from "../../components/analysis/runs/load";
import { type PlannedRun, planRun } from "../../components/analysis/runs/plan";
import { UserError } from "../../components/errors";
import { finishedResult, runLocally } from "./local";
import { describeOutcome, describeRun } from "./report";

interface Options {
  parameter: Record<string, string>;
  rerun?: string | true;
  to?: string;
  json?: boolean;
}

/** A run on this machine: its results go beside the definition, unless `--to` says where. */
function plannedLocally(file: string, options: Options): PlannedRun {
  const analysis = loadAnalysis(file);
  const given = options.to ?? join(analysis.folder, "results");
  const to = given.includes("://") ? given : resolve(given);
  const rerun = options.rerun === true ? new Date().toISOString() : options.rerun;
  // A local run happens now; when a cluster would run it does not matter.
  const planned = planRun(analysis, { parameters: options.parameter, to, rerun });
  return { ...planned, run: { ...planned.run, each: "changed" } };
}

async function run(file: string, options: Options): Promise<void> {
  const outcome = await runLocally(plannedLocally(file, options));
  console.log(options.json === true ? JSON.stringify(outcome, undefined, 2) : describeOutcome(outcome));
}

function show(file: string, options: Options): void {
  const planned = plannedLocally(file, options);
  const finished = finishedResult(planned);
  const { address, prefix, run } = planned;
  const shown = {
    name: run.name,
    address,
    parameters: run.parameters,
    inputs: run.inputs,
    result: prefix,
    finished: finished !== undefined,
  };
  console.log(options.json === true ? JSON.stringify(shown, undefined, 2) : describeRun(planned, finished));
}

function check(file: string): void {
  const { definition, code } = loadAnalysis(file);
  console.log(`${file}: ${definition.name} is fine: ${code.length} file(s) of code, runs as ${definition.runs}.`);
}

function addParameter(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new UserError(`\`-p ${text}\` must be name=value, such as \`-p events=100000\`.`);
  return { ...before, [name]: value };
}

const program = new Command("analysis").description("Runs a reusable analysis on this machine, as a cluster would.");

const command = (name: string, description: string) =>
  program
    .command(name)
    .description(description)
    .argument("<analysis.yaml>", "the definition")
    .option("-p, --parameter <name=value>", "a parameter's value (repeatable)", addParameter, {})
    .option("--to <folder>", "where results go (default: results/ beside the definition)")
    .option(
      "--rerun [text]",
      "run it again although its result is there; the same text is the same run (default: the time)",
    )
    .option("--json", "the same as JSON");

command("run", "run it, unless its result is there").action(run);
command("show", "resolved parameters, address, and where the result is or would be").action(show);
program
  .command("check")
  .description("check the definition and what it names")
  .argument("<analysis.yaml>", "the definition")
  .action(check);

program.parseAsync().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
