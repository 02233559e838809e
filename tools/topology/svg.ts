import { cut, PILE, type Placed, roomFor, TEXT, textWidth, tieId } from "./layout";
import type { Bond, Box, Flow, Graph } from "./model";
import { STYLE } from "./style";

const MARGIN = 24;
const HEADING = 62;
const LEGEND = 40;

type Kind = Flow["kind"] | Bond["kind"];

/** Class and meaning of every kind of line, in the legend's order. */
const KINDS: Readonly<Record<Kind, readonly [className: string, meaning: string]>> = {
  rpc: ["rpc", "RPC"],
  notifications: ["notifications", "notifications"],
  mesh: ["mesh", "links between routers"],
  cluster: ["members", "broker cluster"],
  route: ["route", "routed"],
  template: ["from", "made from template"],
};

interface Point {
  x: number;
  y: number;
}

/** The picture as SVG; the same graph gives the same bytes. */
export function renderSvg(graph: Graph, placed: Placed): string {
  const legend = legendOf(graph);
  const width = Math.ceil(
    Math.max(placed.width ?? 0, textWidth(graph.subtitle, 13), textWidth(graph.title, 21), legend.width) + 2 * MARGIN,
  );
  const height = Math.ceil((placed.height ?? 0) + HEADING + LEGEND + 2 * MARGIN);
  const label = escapeXml(`Topology. ${graph.title}: ${graph.subtitle}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">`,
    `<title>${label}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="bg" width="${width}" height="${height}"/>`,
    text("heading", MARGIN, MARGIN + 18, graph.title),
    text("subtitle", MARGIN, MARGIN + 40, graph.subtitle),
    `<g transform="translate(${MARGIN} ${MARGIN + HEADING})">`,
    ...graph.boxes.flatMap((box) => drawBox(box, placed, { x: 0, y: 0 })),
    ...graph.flows.flatMap((flow) => drawFlow(flow, placed)),
    ...graph.bonds.flatMap((bond) => drawBond(bond, placed)),
    `</g>`,
    `<g transform="translate(${MARGIN} ${height - MARGIN})">`,
    ...legend.items,
    `</g>`,
    `</svg>`,
    "",
  ].join("\n");
}

function legendOf(graph: Graph): { items: string[]; width: number } {
  const used = new Set<Kind>([...graph.flows, ...graph.bonds].map((line) => line.kind));
  let x = 0;
  const items = (Object.keys(KINDS) as Kind[])
    .filter((kind) => used.has(kind))
    .map((kind) => {
      const [className, meaning] = KINDS[kind];
      const points = [
        { x, y: -4 },
        { x: x + 30, y: -4 },
      ];
      const item = `<g class="${className}">${wire(points, isFlow(kind))}${text("line", x + 38, 0, meaning)}</g>`;
      x += 38 + Math.ceil(0.9 * textWidth(meaning, TEXT.line)) + 26;
      return item;
    });
  return { items, width: x };
}

function isFlow(kind: Kind): boolean {
  return kind !== "mesh" && kind !== "cluster";
}

function drawBox(box: Box, parent: Placed, origin: Point): string[] {
  const place = parent.children?.find((child) => child.id === box.id);
  if (place === undefined) return [];
  const outer = { x: origin.x + (place.x ?? 0), y: origin.y + (place.y ?? 0) };
  const room = roomFor(box);
  const at = { x: outer.x, y: outer.y + room };
  const size = { width: (place.width ?? 0) - room, height: (place.height ?? 0) - room };
  const behind = box.pile === true ? [2 * PILE, PILE] : [];
  const left = at.x + TEXT.padding;
  return [
    `<g class="${box.kind}"><title>${escapeXml([box.title, ...(box.tooltip ?? box.lines)].join("\n"))}</title>`,
    ...behind.map((offset) => rectangle({ x: at.x + offset, y: at.y - offset }, size)),
    rectangle(at, size),
    text("title", left, at.y + 22, cut(box.title)),
    ...box.lines.map((line, index) => text("line", left, at.y + 41 + index * TEXT.lineHeight, cut(line))),
    `</g>`,
    ...box.children.flatMap((child) => drawBox(child, place, outer)),
  ];
}

function drawFlow(flow: Flow, placed: Placed): string[] {
  const [className] = KINDS[flow.kind];
  const wires = pathsOf(placed, flow.id).map((points) => wire(points, true));
  return [`<g class="${className}"><title>${escapeXml(flow.tooltip)}</title>${wires.join("")}</g>`];
}

function drawBond(bond: Bond, placed: Placed): string[] {
  const found = find(placed, bond.id);
  if (found === undefined) return [];
  const { node, at } = found;
  const centre = at.x + (node.width ?? 0) / 2;
  const [className] = KINDS[bond.kind];
  const wires = bond.ends.flatMap((_, index) => pathsOf(placed, tieId(bond, index)).map((path) => wire(path, false)));
  const lines = bond.lines.map((line, index) =>
    text("label", centre, at.y + 19 + index * TEXT.lineHeight, cut(line), "middle"),
  );
  const title = `<title>${escapeXml(`${bond.ends.join(", ")}: ${bond.lines.join(", ")}`)}</title>`;
  return [`<g class="${className}">${title}${wires.join("")}${rectangle(at, node, 16)}${lines.join("")}</g>`];
}

/** The points of an edge's sections, in the picture's coordinates. */
function pathsOf(placed: Placed, id: string): Point[][] {
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

function find(node: Placed, id: string, at: Point = { x: 0, y: 0 }): { node: Placed; at: Point } | undefined {
  if (node.id === id) return { node, at };
  for (const child of node.children ?? []) {
    const found = find(child, id, { x: at.x + (child.x ?? 0), y: at.y + (child.y ?? 0) });
    if (found) return found;
  }
  return undefined;
}

const HEAD = 8;

/** A line along the points; with a head it ends before its last point, so that the tip is sharp. */
function wire(points: readonly Point[], head: boolean): string {
  const line = (through: readonly Point[]) =>
    `<path class="wire" d="${through.map(({ x, y }, index) => `${index === 0 ? "M" : "L"} ${round(x)} ${round(y)}`).join(" ")}"/>`;
  const [before, tip] = [points.at(-2), points.at(-1)];
  if (!head || before === undefined || tip === undefined) return line(points);
  const [dx, dy] = [Math.sign(tip.x - before.x), Math.sign(tip.y - before.y)];
  const base = { x: tip.x - dx * HEAD, y: tip.y - dy * HEAD };
  const corner = (side: number) => `${round(base.x - dy * side)} ${round(base.y + dx * side)}`;
  const arrow = `<path class="head" d="M ${round(tip.x)} ${round(tip.y)} L ${corner(4)} L ${corner(-4)} Z"/>`;
  return line([...points.slice(0, -1), base]) + arrow;
}

function rectangle(at: Point, { width = 0, height = 0 }: Pick<Placed, "width" | "height">, radius = 8): string {
  return `<rect x="${round(at.x)}" y="${round(at.y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

function text(className: string, x: number, y: number, content: string, anchor?: "middle"): string {
  const middle = anchor === undefined ? "" : ` text-anchor="${anchor}"`;
  return `<text class="${className}" x="${round(x)}" y="${round(y)}"${middle}>${escapeXml(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text for XML; characters that no XML document may have are left out. */
export function escapeXml(content: string): string {
  // eslint-disable-next-line no-control-regex -- those are what is taken out
  const allowed = content.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return allowed.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
