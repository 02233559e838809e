import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Command, InvalidArgumentError } from "commander";

import { attempt, UserError } from "../../components/errors";
import { ownStack } from "../workspace/own";
import { withProgress } from "../workspace/progress";
import { pulumi } from "../workspace/workspace";
import { type Approval, judge, readApprovals } from "./approvals";
import { changesOf } from "./changes";
import { htmlOf } from "./html";
import { markdownOf } from "./markdown";
import { readPicture } from "./pictures";
import { POLICIES, policiesOf } from "./policy";
import { readPreview, type Step } from "./preview";
import { type Report, reportOf } from "./report";

/** What the process ends with. */
const EXIT = { fine: 0, refused: 1, error: 2 } as const;

/** What GitHub takes in a comment, in characters. */
const COMMENT_LIMIT = 65_536;

/** A stack and a file: `dev=dev.json`. */
type StackFile = [stack: string, file: string];

interface Options {
  preview: StackFile[];
  picture: StackFile[];
  failOn: string[];
  approvals?: string;
  today: string;
  markdown?: string;
  html?: string;
  jsonFile?: string;
  out?: string;
  json?: boolean;
  limit: number;
  detailsUrl?: string;
  dir?: string;
}

async function main(stacks: readonly string[], options: Options): Promise<void> {
  const findings: string[] = [];
  const given: Record<string, Step[]> = {};
  for (const [stack, file] of options.preview) {
    const steps = attempt(findings, () => readPreview(stack, read(`--preview ${stack}=${file}`, file), file));
    if (steps !== undefined) given[stack] = steps;
  }
  const pictures = Object.fromEntries(
    options.picture.map(([stack, file]) => [stack, attempt(findings, () => readPicture(stack, file)) ?? ""]),
  );
  const policies = attempt(findings, () => policiesOf(options.failOn)) ?? [];
  const approvals = attempt(findings, () => approvalsOf(options)) ?? [];
  if (options.preview.length + stacks.length === 0)
    findings.push("There is nothing to report: name stacks to preview, or give `--preview <stack>=<file>`.");
  if (findings.length > 0) throw UserError.all(findings);
  for (const stack of stacks) given[stack] = await previewOf(stack, options.dir);
  const changes = Object.entries(given).flatMap(([stack, steps]) => changesOf(stack, steps));
  const report = reportOf(Object.keys(given), changes, policies, judge(approvals, changes, options.today));
  write(report, pictures, options);
  process.exitCode = report.refusals.length > 0 ? EXIT.refused : EXIT.fine;
}

/** Without a list nothing is approved. */
function approvalsOf({ approvals }: Options): Approval[] {
  if (approvals === undefined) return [];
  if (!existsSync(approvals)) throw new UserError(`--approvals ${approvals}: there is no such file.`);
  return readApprovals(approvals);
}

function read(what: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`${what}: ${error instanceof Error ? error.message : "unreadable"}.`);
  }
}

/** Lets the engine plan a stack of this checkout. */
async function previewOf(stack: string, dir: string | undefined): Promise<Step[]> {
  const result = await withProgress(`previewing ${stack}`, () =>
    pulumi(ownStack(stack, dir), ["preview", "--json"], { all: false }),
  );
  const output = String(result.stdout);
  if (result.exitCode === 0) return readPreview(stack, output, "the engine's output");
  throw new UserError(`The preview of ${stack} failed:\n${String(result.stderr)}\n${diagnosticsOf(output)}`.trimEnd());
}

function diagnosticsOf(output: string): string {
  try {
    const { diagnostics = [] } = JSON.parse(output) as { diagnostics?: { severity: string; message: string }[] };
    return diagnostics.flatMap(({ severity, message }) => (severity === "error" ? [message] : [])).join("\n");
  } catch {
    return output;
  }
}

function write(report: Report, pictures: Readonly<Record<string, string>>, options: Options): void {
  const { limit, detailsUrl, out } = options;
  const text = markdownOf(report, { limit, detailsUrl });
  const json = `${JSON.stringify(report, undefined, 2)}\n`;
  const files = {
    markdown: options.markdown ?? (out && join(out, "report.md")),
    html: options.html ?? (out && join(out, "report.html")),
    json: options.jsonFile ?? (out && join(out, "report.json")),
  };
  if (files.markdown !== undefined) save(files.markdown, text);
  if (files.html !== undefined) save(files.html, htmlOf(report, pictures));
  if (files.json !== undefined) save(files.json, json);
  if (options.json === true) process.stdout.write(json);
  else if (Object.values(files).every((file) => file === undefined)) process.stdout.write(text);
}

function save(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function stackFile(value: string, before: StackFile[]): StackFile[] {
  const at = value.indexOf("=");
  if (at < 1 || at === value.length - 1) throw new InvalidArgumentError("It must be <stack>=<file>.");
  return [...before, [value.slice(0, at), value.slice(at + 1)]];
}

function limitOf(value: string): number {
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 2_000) throw new InvalidArgumentError("It must be a number from 2000 on.");
  return limit;
}

function dateOf(value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) throw new InvalidArgumentError("It must be a date such as 2026-11-29.");
  return value;
}

const list = (value: string, before: string[]) => [...before, ...value.split(",").filter(Boolean)];

const about = Object.entries(POLICIES).map(([name, policy]) => `  ${name.padEnd(18)}${policy.about}`);

if (require.main === module) {
  new Command("report")
    .description("Turns previews of stacks into one report: what is replaced and deleted comes first, with its cause.")
    .argument("[stacks...]", "stacks of this checkout to preview now")
    .option("--preview <stack=file>", "what `pulumi preview --json` wrote (repeatable)", stackFile, [])
    .option("--picture <stack=file>", "SVG for the HTML page (repeatable)", stackFile, [])
    .option("--fail-on <policies>", "end with 1 for unapproved changes of these kinds (repeatable)", list, [])
    .option("--approvals <file>", "YAML list of approved changes")
    .option("--today <date>", "the day that approvals are compared with", dateOf, new Date().toISOString().slice(0, 10))
    .option("--markdown <file>", "write Markdown for a comment")
    .option("--html <file>", "write a page")
    .option("--json-file <file>", "write JSON")
    .option("--out <folder>", "write all three: report.md, report.html, report.json")
    .option("--json", "print JSON")
    .option("--limit <characters>", "most characters of the Markdown", limitOf, COMMENT_LIMIT)
    .option("--details-url <url>", "where the whole report will be, for what does not fit")
    .option("--dir <folder>", "folder of the Pulumi project (default: this checkout)")
    .addHelpText(
      "after",
      `\nPolicies:\n${about.join("\n")}\n\nExit code: 0 fine, 1 refused by a policy, 2 the report failed.`,
    )
    .action(main)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.error))
    .parseAsync()
    .catch((error: unknown) => {
      console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = EXIT.error;
    });
}
