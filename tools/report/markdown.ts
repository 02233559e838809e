import { type Change, LAYERS, OPERATIONS, type PropertyDiff } from "./change";
import { isGoing } from "./changes";
import { fit, type Part } from "./limit";
import type { Report } from "./report";
import { summaryOf } from "./report";
import { kindOf } from "./urn";
import { SECRET } from "./values";

/** Longest text of a value, in characters; the HTML and the JSON have it whole. */
const LONGEST = 200;
/** Most lines of a text's diff. */
const MOST_LINES = 40;

export interface MarkdownOptions {
  /** Most characters, as the host counts them: GitHub takes 65,536 in a comment. */
  limit: number;
  /** Where all of it is, for what does not fit. Default: not said. */
  detailsUrl?: string;
}

/** The report as one comment: what goes first, then counts, then the rest in folds; cut between rows, never within. */
export function markdownOf(report: Report, { limit, detailsUrl }: MarkdownOptions): string {
  const going = report.changes.filter(({ operation }) => isGoing(operation));
  const others = report.changes.filter(({ operation }) => !isGoing(operation));
  const parts: Part[] = [
    { head: headOf(report) },
    ...(going.length > 0 ? [goingPart(report, going)] : []),
    ...(report.counts.length > 0 ? [countsPart(report)] : []),
    ...approvalsParts(report),
    ...OPERATIONS.flatMap((operation) => {
      const changes = [...going, ...others].filter((change) => change.operation === operation);
      return changes.length === 0 || operation === "delete" ? [] : [detailsPart(changes)];
    }),
  ];
  const where = detailsUrl === undefined ? "the HTML report has it" : `[the whole report](${detailsUrl}) has it`;
  return fit(parts, limit, (left) => `\n_${left} more rows do not fit here; ${where}._\n`);
}

function headOf({ stacks, changes, refusals, policies }: Report): string {
  const verdict =
    refusals.length > 0
      ? `\n\n**Refused**: ${count(refusals.length, "change")} under \`${policies.join("`, `")}\` without an approval.`
      : "";
  return `## Preview of ${stacks.map((stack) => `\`${stack}\``).join(", ")}\n\n**${summaryOf(changes)}**${verdict}\n`;
}

function goingPart({ refusals }: Report, changes: readonly Change[]): Part {
  const refused = new Set(refusals.map(({ stack, urn }) => `${stack} ${urn}`));
  const rows = changes.map((change) => {
    const { stack, urn, operation, name, type, layer, causes, stake } = change;
    const mark = refused.has(`${stack} ${urn}`) ? "⛔ " : "";
    return row([
      `${mark}**${operation}**`,
      `\`${name}\` (${kindOf(type)})`,
      `${stack} · ${layer}`,
      causes.join("; "),
      stake === undefined ? "" : `${stake.kind}: ${stake.text}`,
    ]);
  });
  const head = [
    "### Replaced and deleted",
    "",
    row(["", "what", "where", "because", "at stake"]).trimEnd(),
    ruler(5),
  ].join("\n");
  return { head: `\n${head}\n`, rows, tail: "" };
}

function countsPart({ counts }: Report): Part {
  const shown = OPERATIONS.filter((operation) => counts.some(({ operations }) => operations[operation] !== undefined));
  const rows = counts.map(({ stack, layer, operations }) =>
    row([stack, layer, ...shown.map((operation) => String(operations[operation] ?? ""))]),
  );
  const head = ["### Counts", "", row(["stack", "layer", ...shown]).trimEnd(), ruler(2 + shown.length)].join("\n");
  return { head: `\n${head}\n`, rows, tail: "" };
}

function approvalsParts({ approvals: { used, expired, unused } }: Report): Part[] {
  const lines = [
    ...used.map(
      (one) => `- approved: ${one.operation} of \`${one.resource}\` in \`${one.stack}\` – ${escaped(one.why)}`,
    ),
    ...expired.map(
      (one) => `- expired on ${one.until ?? ""}: ${one.operation} of \`${one.resource}\` in \`${one.stack}\``,
    ),
    ...unused.map(
      (one) => `- not needed: ${one.operation} of \`${one.resource}\` in \`${one.stack}\`; take it off the list`,
    ),
  ];
  return lines.length === 0 ? [] : [{ head: "\n### Approvals\n\n", rows: lines.map((line) => `${line}\n`), tail: "" }];
}

function detailsPart(changes: readonly Change[]): Part {
  const layers = LAYERS.filter((layer) => changes.some((change) => change.layer === layer)).join(", ");
  const head = `\n<details><summary>${summaryOf(changes)} (${layers})</summary>\n\n`;
  return { head, rows: changes.map(detailOf), tail: "\n</details>\n" };
}

function detailOf({ stack, name, type, operation, causes, diffs }: Change): string {
  const why = isGoing(operation) || causes.length === 0 ? "" : `: ${causes.join("; ")}`;
  const title = `- \`${name}\` (${kindOf(type)}, ${stack})${why}\n`;
  return title + diffs.map((diff) => `${propertyOf(diff)}\n`).join("");
}

function propertyOf({ path, before, after, lines, replaces }: PropertyDiff): string {
  const mark = replaces ? " **replaces**" : "";
  if (before === SECRET && after === SECRET) return `  - \`${path}\`, a secret, is another one${mark}`;
  if (lines === undefined) return `  - \`${path}\` ${code(before)} → ${code(after)}${mark}`;
  const shown = lines.slice(0, MOST_LINES).map((line) => `    ${line}`);
  const rest = lines.length > MOST_LINES ? [`    … ${lines.length - MOST_LINES} more lines`] : [];
  const fence = longestRun(shown.join("\n"), "`") >= 3 ? "`````" : "```";
  return [`  - \`${path}\`${mark}`, "", `    ${fence}diff`, ...shown, ...rest, `    ${fence}`].join("\n");
}

/** A value between backticks, which must be more than it has itself. */
function code(text: string | undefined): string {
  if (text === undefined) return "(none)";
  const cut = (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text).replaceAll(/\s+/g, " ");
  if (cut === "") return '`""`';
  const ticks = "`".repeat(longestRun(cut, "`") + 1);
  const pad = cut.startsWith("`") || cut.endsWith("`") ? " " : "";
  return `${ticks}${pad}${cut}${pad}${ticks}`;
}

function longestRun(text: string, of: string): number {
  return Math.max(0, ...(text.match(new RegExp(`${of}+`, "g")) ?? []).map(({ length }) => length));
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |\n`;
}

function ruler(columns: number): string {
  return `|${" --- |".repeat(columns)}`;
}

/** Text that may not become markup or a mention. */
function escaped(text: string): string {
  return text.replaceAll(/[<>&*_`[\]@|\\]/g, (sign) => `\\${sign}`).replaceAll("\n", " ");
}

function count(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? "" : "s"}`;
}
