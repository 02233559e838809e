import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs";

import type { Bond, Box, Graph } from "./model";
import { columnWidths, gridOf, headerOf, heightOf, ownWidth, roomFor } from "./size";
import { cut, TEXT, textWidth } from "./text";

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

/** Places a graph's boxes and routes its lines, by Eclipse's layered algorithm (elkjs). */
export async function layOut(graph: Graph): Promise<Placed> {
  const widths = columnWidths(graph.boxes);
  const labels = graph.bonds.flatMap((bond) => bond.lines).map((line) => textWidth(cut(line), TEXT.line));
  const bonds = (within: string | undefined) =>
    graph.bonds
      .filter((bond) => bond.within === within)
      .map((bond) => bondNode(bond, Math.max(...labels) + 2 * TEXT.padding));
  const place = (box: Box): ElkNode =>
    box.kind === "cluster"
      ? clusterNode(box, widths)
      : { ...nodeOf(box, widths), children: [...box.children.map(place), ...bonds(box.id)] };
  const flows = graph.flows.map((flow): ElkExtendedEdge => ({ id: flow.id, sources: [flow.from], targets: [flow.to] }));
  const children = inOrder([...graph.boxes.map(place), ...bonds(undefined)]);
  return new ELK().layout({
    id: "root",
    layoutOptions: { ...LAYERED, ...KEEP_ORDER },
    children,
    edges: [...flows, ...graph.bonds.flatMap(ties)],
  });
}

/** Gives every box a place below the one before it, which the layout keeps as the order within a column. */
function inOrder(nodes: ElkNode[]): ElkNode[] {
  let row = 0;
  const placed = (node: ElkNode): ElkNode => {
    const fixed = node.layoutOptions?.["elk.algorithm"] === "fixed";
    const layoutOptions = { ...node.layoutOptions, ...KEEP_ORDER, "elk.position": `(0,${++row})` };
    return { ...node, layoutOptions, children: fixed ? node.children : node.children?.map(placed) };
  };
  return nodes.map(placed);
}

function ties(bond: Bond): ElkExtendedEdge[] {
  const ends = bond.ends.map((end, index) => ({ id: tieId(bond, index), sources: [end], targets: [bond.id] }));
  return bond.to === undefined
    ? ends
    : [...ends, { id: tieId(bond, bond.ends.length), sources: [bond.id], targets: [bond.to] }];
}

export function tieId(bond: Bond, index: number): string {
  return `${bond.id}:${index}`;
}

function bondNode(bond: Bond, width: number): ElkNode {
  return { id: bond.id, width, height: bond.lines.length * TEXT.lineHeight + 12 };
}

/** A cluster's own boxes lie on a grid; no line leads to them. */
function clusterNode(box: Box, widths: ReadonlyMap<Box["kind"], number>): ElkNode {
  const { cells, height } = gridOf(box, widths);
  const width = Math.max(ownWidth(box), widths.get("cluster") ?? 0) + roomFor(box);
  return {
    id: box.id,
    width,
    height,
    layoutOptions: {
      "elk.algorithm": "fixed",
      "elk.hierarchyHandling": "SEPARATE_CHILDREN",
      "elk.padding": `[top=0,left=0,bottom=${TEXT.padding},right=0]`,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${width},${height})`,
    },
    children: cells.map(({ box: { id }, x, y, ...size }) => {
      return { id, x, y, ...size, layoutOptions: { "elk.position": `(${x},${y})` } };
    }),
  };
}

function nodeOf(box: Box, widths: ReadonlyMap<Box["kind"], number>): ElkNode {
  const width = Math.max(ownWidth(box), widths.get(box.kind) ?? 0);
  const height = heightOf(box);
  const gap = box.kind === "network" || box.kind === "stack" ? 2 * TEXT.padding : TEXT.padding;
  const room = roomFor(box);
  return {
    id: box.id,
    width,
    height,
    ports: box.ports?.map((id) => ({ id, width: 0, height: 0, layoutOptions: { "elk.port.side": "EAST" } })),
    layoutOptions: {
      ...(box.ports === undefined ? {} : { "elk.portConstraints": "FIXED_SIDE" }),
      "elk.padding": `[top=${headerOf(box) + TEXT.padding + room},left=${gap},bottom=${gap},right=${gap + room}]`,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${width},${height})`,
    },
  };
}
