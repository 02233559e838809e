import type { Explained, Explanation } from "../../components/clusters/explain";
import type { StackExplanation } from "./explain";

/** What is shown. */
export interface Shown {
  /** Keys of templates and clusters; all where there are none. */
  keys: readonly string[];
  /** Also what release and driver do by themselves, which Magnum is not told. */
  defaults: boolean;
}

/** Explanations as texts: a table each. */
export function renderText(explained: StackExplanation, { keys, defaults }: Shown): string {
  const wanted = (kind: string, record: Record<string, Explanation>) =>
    Object.entries(record)
      .filter(([key]) => keys.length === 0 || keys.includes(key))
      .map(([key, explanation]) => section(`${kind} ${key}`, explanation, defaults));
  return [...wanted("Template", explained.templates), ...wanted("Cluster", explained.clusters)].join("\n\n");
}

function section(title: string, { name, engine, driver, magnum, values }: Explanation, defaults: boolean): string {
  const rows = values.filter(({ sent }) => sent || defaults).map(row);
  return [
    `${title}: ${name}, ${engine} by ${driver} (Magnum ${magnum})`,
    ...aligned([["VALUE", "IS", "UNIT", "LAYER", "FROM", "INSTEAD OF"], ...rows]),
  ].join("\n");
}

function row({ name, value, unit = "", layer, source, overrides }: Explained): string[] {
  const before = overrides.map((one) => `${shown(one.value)} (${one.layer})`).join(", ");
  return [name, shown(value), unit, layer, source, before];
}

/** Values are texts, numbers, booleans or lists of them. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  return rows.map((cells) => `  ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd());
}
