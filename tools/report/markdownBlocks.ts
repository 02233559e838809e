import type { Block } from "./markdown";
import { code, fenced, html, plain, withCode } from "./markdownText";
import { type Change, isDestructive, type Layer, LAYERS, type Operation, OPERATIONS, type Report } from "./model";
import { kindOf } from "./urn";
import { diffLines, DONE, sentenceOf, VERBS } from "./words";

/** So many replaced or deleted resources without anything at stake are shown open; more are folded. */
const OPEN = 10;

/** The report in the order in which parts are given up when there is no room: the last first. */
export function blocksOf(report: Report): Block[] {
  return [
    ...destructive(report),
    ...verdict(report),
    ...counts(report),
    ...(["create", "update"] as const).flatMap((operation) => folded(report, operation)),
    ...replacedDiffs(report),
    ...warnings(report),
  ];
}

/** What is replaced and deleted, each with its cause: those with something at stake are never folded. */
function destructive({ changes, stacks }: Report): Block[] {
  const all = changes.filter(isDestructive);
  const staked = all.filter(({ atStake }) => atStake !== undefined).map(line);
  const others = all.filter(({ atStake }) => atStake === undefined).map(line);
  const blocks: Block[] = [];
  if (all.length === 0) {
    const text = changes.length === 0 ? "Nothing changes" : "Nothing is replaced or deleted";
    blocks.push({
      head: "",
      items: [`**${text}** in ${stacks.map(({ stack }) => code(stack)).join(", ")}.\n`],
      tail: "\n",
    });
  }
  if (staked.length > 0) blocks.push({ head: "", items: staked, tail: "\n" });
  if (others.length > OPEN) {
    const summary = `${others.length} more replaced or deleted, with no data and no quorum at stake`;
    blocks.push(fold(summary, others));
  } else if (others.length > 0) blocks.push({ head: "", items: others, tail: "\n" });
  return blocks;
}

/** One change as an item of a list. */
function line(change: Change): string {
  const { operation, type, name, stack, layer, atStake, causes } = change;
  const mark = atStake === undefined ? "" : "🛑 ";
  const stake = atStake === undefined ? "" : ` **At stake: ${plain(atStake.what)}.**`;
  const why = causes.map((cause) => `  - because ${withCode(cause)}\n`).join("");
  const what = `${plain(kindOf(type))} ${code(name)}`;
  return `- ${mark}**${VERBS[operation]}** ${what} in ${code(stack)}, ${layer}.${stake}\n${why}`;
}

function verdict({ verdict: { refused, approved, idle } }: Report): Block[] {
  const items = [
    ...refused.map((change) => `- ❌ refused: ${withCode(sentenceOf(change))}\n`),
    ...approved.map(({ change, why }) => `- ✅ approved: ${withCode(sentenceOf(change))}: ${plain(why)}\n`),
    ...idle.map(
      ({ resource, reason, until }) =>
        `- ⚠️ approval of ${code(resource)} ${reason === "expired" ? `expired: it was until ${until ?? ""}` : "is not needed"}\n`,
    ),
  ];
  return items.length === 0 ? [] : [{ head: "### Policy\n\n", items, tail: "\n" }];
}

/** Counts by stack and layer. */
function counts({ stacks }: Report): Block[] {
  const rows = stacks.flatMap(({ stack, layers, unchanged }) => [
    ...LAYERS.flatMap((layer) => {
      const own = layers[layer];
      return own === undefined
        ? []
        : [row([code(stack), layer, ...OPERATIONS.map((operation) => String(own[operation]))])];
    }),
    row([code(stack), `unchanged: ${unchanged}`, "", "", "", ""]),
  ]);
  const head = `### Counts\n\n${row(["stack", "layer", ...OPERATIONS.map((operation) => DONE[operation])])}${row(["---", "---", "--:", "--:", "--:", "--:"])}`;
  return [{ head, items: rows, tail: "\n", first: true }];
}

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;

/** Creations or in-place updates of each layer, folded. */
function folded({ changes }: Report, operation: Operation): Block[] {
  return LAYERS.flatMap((layer: Layer) => {
    const own = changes.filter((change) => change.operation === operation && change.layer === layer);
    if (own.length === 0) return [];
    return [fold(`${own.length} ${DONE[operation]} in ${layer}`, own.map(withDiff))];
  });
}

function withDiff(change: Change): string {
  const { operation, name, type, stack, diff, causes } = change;
  // Causes of what is replaced are said at the top.
  const why = operation === "replace" ? [] : causes.map((cause) => `because ${withCode(cause)}\n`);
  if (diff.length === 0) {
    return `- ${plain(kindOf(type))} ${code(name)} in ${code(stack)}\n${why.map((one) => `  - ${one}`).join("")}`;
  }
  const summary = `${html(kindOf(type))} <code>${html(name)}</code> in <code>${html(stack)}</code>`;
  const text = [...why, fenced("diff", diffLines(diff))].join("\n");
  return `<details><summary>${summary}</summary>\n\n${text}</details>\n\n`;
}

/** All that changes in what is replaced. */
function replacedDiffs({ changes }: Report): Block[] {
  const own = changes.filter(({ operation, diff }) => operation === "replace" && diff.length > 0);
  return own.length === 0 ? [] : [fold(`All properties of ${own.length} replaced`, own.map(withDiff))];
}

function warnings({ stacks }: Report): Block[] {
  const items = stacks.flatMap(({ stack, warnings: said }) =>
    said.map((text) => `- ${code(stack)}: ${withCode(text)}\n`),
  );
  return items.length === 0 ? [] : [fold(`Warnings of the engine: ${items.length}`, items)];
}

function fold(summary: string, items: string[]): Block {
  return { head: `<details><summary>${html(summary)}</summary>\n\n`, items, tail: "\n</details>\n\n" };
}
