import { badgeWidth, badgesOf } from "./badges";
import type { Box } from "./model";
import { cut, TEXT, textWidth } from "./text";

/** How much further up and right each box of a pile lies. */
export const PILE = 4;

/** Between the boxes in a cluster. */
const BESIDE = 20;

/** Kinds that stand in a cluster, two in a row. */
const POOLS: readonly Box["kind"][] = ["masters", "nodes", "nodegroup", "workload"];

/** Kinds that share a column, and therefore a width. */
const COLUMNS: readonly (readonly Box["kind"][])[] = [
  ["external", "services", "template"],
  ["routers", "edges", "brokers"],
  ["zone", "cluster", "gateway"],
  POOLS,
  ["site"],
];

/** Room above and to the right that a pile takes, so that lines begin and end outside of it. Pools line up by it. */
export function roomFor(box: Box): number {
  return box.pile === true || ["masters", "nodes", "nodegroup"].includes(box.kind) ? 2 * PILE : 0;
}

/** Height of what stands above a box's children. */
export function headerOf(box: Box): number {
  return TEXT.titleHeight + box.lines.length * TEXT.lineHeight;
}

export function heightOf(box: Box): number {
  return headerOf(box) + TEXT.padding + roomFor(box);
}

/** The width that a box's texts and marks take. */
export function ownWidth(box: Box): number {
  const lines = box.lines.map((line) => textWidth(cut(line), TEXT.line));
  const badges = badgesOf(box.change).reduce((sum, badge) => sum + badgeWidth(badge) + 4, 0);
  return Math.max(textWidth(cut(box.title), TEXT.title) * 1.12 + badges, ...lines) + 2 * TEXT.padding + roomFor(box);
}

/** The width of every kind's column: boxes that stand in one line up. */
export function columnWidths(boxes: readonly Box[]): Map<Box["kind"], number> {
  const all = flat(boxes);
  const widths = new Map<Box["kind"], number>();
  for (const kinds of COLUMNS) {
    const column = all.filter((box) => kinds.includes(box.kind));
    for (const kind of kinds) widths.set(kind, Math.max(0, ...column.map(ownWidth)));
  }
  const inner = (kind: Box["kind"]) => widths.get(kind) ?? 0;
  const pair = inner("masters") > 0 ? 2 * inner("masters") + BESIDE : 0;
  const group = Math.max(inner("routers"), inner("zone") - 2 * TEXT.padding, pair);
  for (const kind of ["routers", "edges", "brokers"] as const) widths.set(kind, group);
  for (const kind of ["zone", "cluster", "gateway"] as const) widths.set(kind, group + 2 * TEXT.padding);
  for (const kind of POOLS) widths.set(kind, (group - BESIDE) / 2);
  return widths;
}

export interface Cell {
  box: Box;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Places what a cluster has, two in a row, below its own lines; gives the cluster's height with it. */
export function gridOf(cluster: Box, widths: ReadonlyMap<Box["kind"], number>): { cells: Cell[]; height: number } {
  const cells: Cell[] = [];
  let y = headerOf(cluster) + TEXT.padding + roomFor(cluster);
  const width = widths.get("masters") ?? 0;
  for (let at = 0; at < cluster.children.length; at += 2) {
    const row = cluster.children.slice(at, at + 2);
    const height = Math.max(...row.map(heightOf));
    for (const [column, box] of row.entries()) {
      cells.push({ box, x: TEXT.padding + column * (width + BESIDE), y, width, height });
    }
    y += height + TEXT.padding;
  }
  return { cells, height: cluster.children.length === 0 ? heightOf(cluster) : y };
}

function flat(boxes: readonly Box[]): Box[] {
  return boxes.flatMap((box) => [box, ...flat(box.children)]);
}
