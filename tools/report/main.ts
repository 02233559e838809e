import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Command } from "commander";

import { attempt, UserError } from "../../components/errors";
import { readApprovals } from "./approvals";
import { type Picture, renderHtml } from "./html/page";
import { readPicture } from "./html/picture";
import { renderMarkdown } from "./markdown";
import { type Report } from "./model";
import { DEFAULT_LIMIT, type Flags, type Options, readOptions } from "./options";
import { POLICIES } from "./policy";
import { type Preview, readPreview } from "./preview";
import { reportOf } from "./report";
import { previewStack, readGiven } from "./sources";
import { sentenceOf } from "./words";

/** What the process ends with. */
const EXIT = { ok: 0, refused: 1, error: 2 } as const;

/** Reads or makes every preview; all that is wrong is said at once. */
async function gather(stacks: readonly string[], options: Options, flags: Flags) {
  const findings: string[] = [];
  const previews = options.previews.flatMap(
    ({ stack, file }) => attempt(findings, () => readPreview(stack, readGiven(file, "--preview"), file)) ?? [],
  );
  const pictures: Picture[] = options.pictures.flatMap(({ stack, file }) => {
    const svg = attempt(findings, () => readPicture(readGiven(file, "--picture"), file));
    return svg === undefined ? [] : [{ stack, svg }];
  });
  const { approvals: file } = flags;
  const approvals = (file && attempt(findings, () => readApprovals(readGiven(file, "--approvals"), file))) || [];
  for (const stack of stacks) previews.push(...(await previewed(stack, flags.dir, findings)));
  if (findings.length > 0) throw UserError.all(findings);
  return { previews, pictures, approvals };
}

async function previewed(stack: string, dir: string | undefined, findings: string[]): Promise<Preview[]> {
  try {
    return [await previewStack(stack, dir)];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.push(...error.findings);
    return [];
  }
}

async function main(stacks: string[], flags: Flags): Promise<void> {
  const options = readOptions(stacks, flags, new Date().toISOString().slice(0, 10));
  const { previews, pictures, approvals } = await gather(stacks, options, flags);
  const report = reportOf(previews, { ...options, approvals });
  const pages = formsOf(report, pictures, options, flags);
  for (const [file, text] of pages.files) write(file, text);
  if (flags.json === true) console.log(pages.json.trimEnd());
  else if (flags.markdown === undefined && flags.out === undefined) console.log(pages.markdown.trimEnd());
  for (const change of report.verdict.refused) console.error(`refused: ${sentenceOf(change).replaceAll("`", "")}`);
  process.exitCode = report.verdict.refused.length > 0 ? EXIT.refused : EXIT.ok;
}

/** The report's three forms, and the files that they go to. */
function formsOf(report: Report, pictures: readonly Picture[], { limit }: Options, flags: Flags) {
  const { out } = flags;
  const place = { markdown: flags.markdown, html: flags.html, json: flags.jsonFile };
  const details = detailsOf(flags);
  const markdown = renderMarkdown(report, { limit, details });
  const json = `${JSON.stringify(report, undefined, 2)}\n`;
  const wantsHtml = place.html !== undefined || out !== undefined;
  const html = wantsHtml ? renderHtml(report, pictures) : "";
  const files: [string, string][] = [
    ...(place.markdown === undefined ? [] : [[place.markdown, markdown] as [string, string]]),
    ...(place.html === undefined ? [] : [[place.html, html] as [string, string]]),
    ...(place.json === undefined ? [] : [[place.json, json] as [string, string]]),
    ...(out === undefined
      ? []
      : ([
          [join(out, "report.md"), markdown],
          [join(out, "report.html"), html],
          [join(out, "report.json"), json],
        ] as [string, string][])),
  ];
  return { markdown, json, files };
}

/** Where the text says that the whole report is. */
function detailsOf({ detailsUrl, html, out }: Flags): string {
  if (detailsUrl !== undefined) return detailsUrl;
  if (html !== undefined) return `\`${html}\``;
  return out === undefined ? "the output of `--html FILE`" : `\`${join(out, "report.html")}\``;
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const collect = (value: string, values: string[] = []) => [...values, value];

if (require.main === module) {
  new Command("report")
    .description("Sums up previews for reviewers: what is replaced and deleted first, with its cause; changes nothing.")
    .argument("[stacks...]", "stacks that are previewed here; or give --preview")
    .option("--preview <stack=file>", "what `pulumi preview --json` printed of a stack (repeatable)", collect)
    .option("--fail-on <policy>", `refuse, of ${POLICIES.join(", ")} (repeatable, or with commas)`, collect)
    .option("--approvals <file>", "YAML list of changes that pass although the policy refuses them")
    .option("--today <date>", "day on which approvals must hold, as YYYY-MM-DD (default: today in UTC)")
    .option("--markdown <file>", "write Markdown for a comment (default: to standard output)")
    .option("--html <file>", "write one page that loads nothing")
    .option("--json-file <file>", "write JSON")
    .option("--json", "print JSON instead of Markdown")
    .option("--out <folder>", "write report.md, report.html and report.json there")
    .option("--limit <characters>", "the longest Markdown: GitHub takes 65,536, GitLab 1,000,000", DEFAULT_LIMIT)
    .option("--details-url <url>", "where the Markdown says that the whole report is")
    .option("--picture <stack=file>", "SVG of a stack for the page (repeatable)", collect)
    .option("--dir <folder>", "folder of the Pulumi project (default: this checkout)")
    .addHelpText("after", "\nExit code: 0 nothing is refused, 1 the policy refuses a change, 2 the report failed.")
    .action(main)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.error))
    .parseAsync()
    .catch((error: unknown) => {
      console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = EXIT.error;
    });
}
