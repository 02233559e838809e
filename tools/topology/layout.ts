import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs";

import type { Box, Graph } from "./graph";

/** Sizes of the text that boxes are cut for, in pixels. */
export const TEXT = { title: 14, line: 12, padding: 14, lineHeight: 17, titleHeight: 22 } as const;

/** A box or a line with its place in the picture. */
export type Placed = ElkNode;

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.nodeNodeBetweenLayers": "90",
  "elk.spacing.nodeNode": "36",
  "elk.spacing.edgeNode": "18",
  "elk.spacing.edgeEdge": "12",
  "elk.layered.spacing.edgeNodeBetweenLayers": "18",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.edgeLabels.inline": "true",
  "elk.randomSeed": "1",
};

/** Places a graph's boxes and routes its lines, by Eclipse's layered algorithm (elkjs). */
export async function layOut(graph: Graph): Promise<Placed> {
  const edges: ElkExtendedEdge[] = graph.links.map((link) => ({
    id: link.id,
    sources: [link.from],
    targets: [link.to],
    labels: link.label === "" ? [] : [{ text: link.label, width: textWidth(link.label, 11) + 8, height: 16 }],
  }));
  return new ELK().layout({ id: "root", layoutOptions: OPTIONS, children: graph.boxes.map(node), edges });
}

function node(box: Box): ElkNode {
  const header = TEXT.titleHeight + box.lines.length * TEXT.lineHeight;
  const width =
    Math.max(textWidth(box.title, TEXT.title), ...box.lines.map((line) => textWidth(line, TEXT.line))) +
    2 * TEXT.padding;
  const top = header + TEXT.padding;
  return {
    id: box.id,
    width,
    height: header + TEXT.padding,
    children: box.children.map(node),
    layoutOptions: {
      "elk.padding": `[top=${top},left=${TEXT.padding},bottom=${TEXT.padding},right=${TEXT.padding}]`,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${width},${header + TEXT.padding})`,
    },
  };
}

/** Width of a text, estimated: there is no font to measure with; wide enough for any sans-serif. */
export function textWidth(text: string, size: number): number {
  return Math.ceil([...text].length * size * 0.62);
}
