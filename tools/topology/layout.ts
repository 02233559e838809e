import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs";

import type { Bond, Box, Graph } from "./model";

/** Sizes of the text that boxes are cut for, in pixels. */
export const TEXT = { title: 14, line: 12, padding: 14, lineHeight: 17, titleHeight: 24 } as const;

/** How much further up and right each box of a pile lies. */
export const PILE = 4;

/** The longest line that a box is widened for; longer ones are cut, and the tooltip has them whole. */
const MAX_TEXT = 48;

/** A box or a line with its place in the picture. */
export type Placed = ElkNode;

const LAYERED = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  // A template that no cluster uses belongs beside the others, not into a corner of its own.
  "elk.separateConnectedComponents": "false",
  "elk.spacing.nodeNode": "24",
  "elk.spacing.edgeNode": "20",
  "elk.spacing.edgeEdge": "12",
  "elk.layered.spacing.nodeNodeBetweenLayers": "48",
  "elk.layered.spacing.edgeNodeBetweenLayers": "20",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "12",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.randomSeed": "1",
};

/** Keeps the order that boxes are given in (see `inOrder`); ELK's model order does not hold across containers. */
const KEEP_ORDER = { "elk.layered.crossingMinimization.semiInteractive": "true" };

/** Between masters and nodes. */
const BESIDE = 24;

/** Masters and nodes stand beside each other. */
const SIDE_BY_SIDE = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "SEPARATE_CHILDREN",
  "elk.separateConnectedComponents": "false",
  "elk.spacing.nodeNode": String(BESIDE),
};

/** Kinds that share a column, and therefore a width. */
const COLUMNS: readonly (readonly Box["kind"][])[] = [
  ["external", "services", "template"],
  ["routers", "brokers"],
  ["zone", "cluster", "gateway"],
  ["masters", "nodes"],
];

/** Places a graph's boxes and routes its lines, by Eclipse's layered algorithm (elkjs). */
export async function layOut(graph: Graph): Promise<Placed> {
  const widths = columnWidths(graph.boxes);
  const labels = graph.bonds.flatMap((bond) => bond.lines).map((line) => textWidth(cut(line), TEXT.line));
  const bonds = graph.bonds.map((bond) => bondNode(bond, Math.max(...labels) + 2 * TEXT.padding));
  const place = (box: Box): ElkNode => {
    const node = nodeOf(box, widths);
    const children = [...box.children.map(place), ...(box.kind === "network" ? bonds : [])];
    return { ...node, children };
  };
  const flows = graph.flows.map((flow): ElkExtendedEdge => ({ id: flow.id, sources: [flow.from], targets: [flow.to] }));
  const ties = graph.bonds.flatMap((bond) => bond.ends.map((end, index) => tie(bond, end, index)));
  const children = inOrder(graph.boxes.map(place));
  return new ELK().layout({
    id: "root",
    layoutOptions: { ...LAYERED, ...KEEP_ORDER },
    children,
    edges: [...flows, ...ties],
  });
}

/** Gives every box a place below the one before it, which the layout keeps as the order within a column. */
function inOrder(nodes: ElkNode[]): ElkNode[] {
  let row = 0;
  const placed = (node: ElkNode): ElkNode => ({
    ...node,
    layoutOptions: { ...node.layoutOptions, ...KEEP_ORDER, "elk.position": `(0,${++row})` },
    children: node.children?.map(placed),
  });
  return nodes.map(placed);
}

function tie(bond: Bond, end: string, index: number): ElkExtendedEdge {
  return { id: tieId(bond, index), sources: [end], targets: [bond.id] };
}

export function tieId(bond: Bond, index: number): string {
  return `${bond.id}:${index}`;
}

function bondNode(bond: Bond, width: number): ElkNode {
  return { id: bond.id, width, height: bond.lines.length * TEXT.lineHeight + 12 };
}

function nodeOf(box: Box, widths: ReadonlyMap<Box["kind"], number>): ElkNode {
  const width = Math.max(ownWidth(box), widths.get(box.kind) ?? 0);
  const header = TEXT.titleHeight + box.lines.length * TEXT.lineHeight;
  const height = header + TEXT.padding + roomFor(box);
  const gap = box.kind === "network" ? 2 * TEXT.padding : TEXT.padding;
  const room = roomFor(box);
  return {
    id: box.id,
    width,
    height,
    ports: box.ports?.map((id) => ({ id, width: 0, height: 0, layoutOptions: { "elk.port.side": "EAST" } })),
    layoutOptions: {
      ...(box.kind === "cluster" ? SIDE_BY_SIDE : {}),
      ...(box.ports === undefined ? {} : { "elk.portConstraints": "FIXED_SIDE" }),
      "elk.padding": `[top=${header + TEXT.padding + room},left=${gap},bottom=${gap},right=${gap + room}]`,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${width},${height})`,
    },
  };
}

/** The width of every kind's column: boxes that stand in one line up. */
function columnWidths(boxes: readonly Box[]): Map<Box["kind"], number> {
  const all = flat(boxes);
  const widths = new Map<Box["kind"], number>();
  for (const kinds of COLUMNS) {
    const column = all.filter((box) => kinds.includes(box.kind));
    for (const kind of kinds) widths.set(kind, Math.max(0, ...column.map(ownWidth)));
  }
  const inner = (kind: Box["kind"]) => widths.get(kind) ?? 0;
  const pair = inner("masters") > 0 ? 2 * inner("masters") + BESIDE : 0;
  const group = Math.max(inner("routers"), inner("brokers"), inner("zone") - 2 * TEXT.padding, pair);
  for (const kind of ["routers", "brokers"] as const) widths.set(kind, group);
  for (const kind of ["zone", "cluster", "gateway"] as const) widths.set(kind, group + 2 * TEXT.padding);
  return widths;
}

function flat(boxes: readonly Box[]): Box[] {
  return boxes.flatMap((box) => [box, ...flat(box.children)]);
}

/**
 * The room above and to the right that a pile takes, so that lines begin and end outside of it. Masters and nodes have
 * it even when they are no pile: they stand beside each other.
 */
export function roomFor(box: Box): number {
  return box.pile === true || box.kind === "masters" || box.kind === "nodes" ? 2 * PILE : 0;
}

function ownWidth(box: Box): number {
  const lines = box.lines.map((line) => textWidth(cut(line), TEXT.line));
  return Math.max(textWidth(cut(box.title), TEXT.title) * 1.05, ...lines) + 2 * TEXT.padding + roomFor(box);
}

export function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_TEXT ? text : `${characters.slice(0, MAX_TEXT - 1).join("")}…`;
}

/** Width of a text, estimated: there is no font to measure with; wide enough for any sans-serif. */
export function textWidth(text: string, size: number): number {
  const ems = [...text].map((character) => ((character.codePointAt(0) ?? 0) > 0x2e7f ? 1.05 : 0.6));
  return Math.ceil(ems.reduce((sum, em) => sum + em, 0) * size);
}
