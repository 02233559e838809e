import type { Operation, PropertyDiff } from "./change";
import type { Step } from "./preview";
import { partsOf } from "./urn";
import { COMPUTED, keysOf, SECRET } from "./values";

/** Longest text of a value in a cause, in characters: causes stand in a table. */
const LONGEST = 60;
/** Most names in a cause. */
const MOST = 3;

/** What is known of the whole plan. */
export interface Plan {
  /** URNs of what is replaced. */
  replaced: ReadonlySet<string>;
  /** URNs of what the state has and the cloud was asked for. */
  refreshed: ReadonlySet<string>;
}

/** Why a resource is replaced, deleted, or made again; nothing for other operations. */
export function causesOf(step: Step, operation: Operation, diffs: readonly PropertyDiff[], plan: Plan): string[] {
  if (operation === "delete") return ["no longer in the program"];
  if (operation === "create") return plan.refreshed.has(step.urn) ? ["gone from the cloud, so made again"] : [];
  if (operation !== "replace") return [];
  const causes = diffs.filter(({ replaces }) => replaces).map((diff) => causeOf(step, diff, plan.replaced));
  if (causes.length > 0) return causes;
  // Where a provider deletes before it replaces, all that depends on it goes first.
  const waited = (step.newState?.dependencies ?? []).filter((urn) => plan.replaced.has(urn));
  return [waited.length > 0 ? `it depends on ${replaced(waited)}` : "asked for by `--replace`"];
}

function causeOf({ newState }: Step, { path, before, after, lines }: PropertyDiff, gone: ReadonlySet<string>): string {
  const [property = path] = keysOf(path);
  const waited = (newState?.propertyDependencies?.[property] ?? []).filter((urn) => gone.has(urn));
  if (waited.length > 0 && (after === undefined || after.includes(COMPUTED)))
    return `\`${path}\` is of ${replaced(waited)}`;
  if (before === SECRET && after === SECRET) return `\`${path}\`, a secret, is another one`;
  if (lines !== undefined) return `\`${path}\` is another text`;
  return `\`${path}\` ${quoted(before)} → ${quoted(after)}`;
}

/** Names of what is replaced, as many as can be read. */
function replaced(urns: readonly string[]): string {
  const names = urns.map((urn) => `\`${partsOf(urn).name}\``).sort();
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : "";
  return `${names.slice(0, MOST).join(", ")}${more}, replaced too`;
}

function quoted(text: string | undefined): string {
  if (text === undefined) return "(none)";
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return `\`${cut.replaceAll("`", "'")}\``;
}
