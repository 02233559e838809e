import { badgeWidth } from "./badges";
import { type Bond, type Flow, type Graph, OPERATIONS, SIGNS, thousands } from "./model";
import { badge, text, wire } from "./shapes";
import { ROOT } from "./style";
import { TEXT, textWidth } from "./text";

type Kind = Flow["kind"] | Bond["kind"];

/** Class and meaning of every kind of line, in the legend's order. */
export const KINDS: Readonly<Record<Kind, readonly [name: string, meaning: string]>> = {
  rpc: ["rpc", "RPC"],
  notifications: ["notifications", "notifications"],
  mesh: ["mesh", "links between routers"],
  cluster: ["members", "broker cluster"],
  route: ["route", "routed"],
  template: ["from", "made from template"],
};

/** A row of the legend. */
export interface Row {
  items: string[];
  width: number;
}

/** What lines mean, and in a picture of a change what colours and signs do. */
export function legendOf(graph: Graph): Row[] {
  return [operationsRow(graph), linesRow(graph)].filter((row) => row.items.length > 0);
}

function isFlow(kind: Kind): boolean {
  return kind !== "mesh" && kind !== "cluster";
}

function linesRow(graph: Graph): Row {
  const used = new Set<Kind>([...graph.flows, ...graph.bonds].map((line) => line.kind));
  let x = 0;
  const items = (Object.keys(KINDS) as Kind[])
    .filter((kind) => used.has(kind))
    .map((kind) => {
      const [name, meaning] = KINDS[kind];
      const points = [
        { x, y: -4 },
        { x: x + 36, y: -4 },
      ];
      const item = `<g class="${ROOT}-k-${name}">${wire(points, isFlow(kind))}${text("line", x + 44, 0, meaning)}</g>`;
      x += 44 + Math.ceil(0.9 * textWidth(meaning, TEXT.line)) + 26;
      return item;
    });
  return { items, width: x };
}

function operationsRow({ operations }: Graph): Row {
  if (operations === undefined) return { items: [], width: 0 };
  let x = 0;
  const items = OPERATIONS.map((operation) => {
    const mark = { operation, text: SIGNS[operation] };
    const meaning = `${operation} (${thousands(operations[operation] ?? 0)})`;
    const left = x;
    x += badgeWidth(mark) + 8 + Math.ceil(0.9 * textWidth(meaning, TEXT.line)) + 26;
    return badge(mark, { x: left, y: -14 }) + text("line", left + badgeWidth(mark) + 8, 0, meaning);
  });
  return { items, width: x };
}
