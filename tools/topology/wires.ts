import { type Placed } from "./layout";

export interface Point {
  x: number;
  y: number;
}

/** The points of an edge's sections, in the picture's coordinates. */
export function pathsOf(placed: Placed, id: string): Point[][] {
  const edge = (placed.edges ?? []).find((candidate) => candidate.id === id);
  // elkjs gives an edge's points relative to the boxes' lowest common parent, and names it only here.
  const container = (edge as { container?: string } | undefined)?.container ?? placed.id;
  const { x, y } = find(placed, container)?.at ?? { x: 0, y: 0 };
  const paths = (edge?.sections ?? []).map((section) =>
    [section.startPoint, ...(section.bendPoints ?? []), section.endPoint].map((p) => ({ x: p.x + x, y: p.y + y })),
  );
  return paths.map(straight);
}

/** ELK places the ports of containers on a grid of its own, so that lines across a border are a pixel or two off. */
function straight(points: readonly Point[]): Point[] {
  const near = (a: number, b: number) => Math.abs(a - b) < 3;
  return points.reduceRight<Point[]>((after, { x, y }) => {
    const next = after[0];
    if (next === undefined) return [{ x, y }];
    return [{ x: near(x, next.x) ? next.x : x, y: near(y, next.y) ? next.y : y }, ...after];
  }, []);
}

/** A box with its place in the picture's coordinates. */
export function find(node: Placed, id: string, at: Point = { x: 0, y: 0 }): { node: Placed; at: Point } | undefined {
  if (node.id === id) return { node, at };
  for (const child of node.children ?? []) {
    const found = find(child, id, { x: at.x + (child.x ?? 0), y: at.y + (child.y ?? 0) });
    if (found) return found;
  }
  return undefined;
}
