import type { Box, Graph, Link } from "./graph";
import { type Placed, TEXT } from "./layout";

const MARGIN = 24;
const HEADING = 64;
const LEGEND = 44;

/** Colours by kind, in light and in dark; contrast is at least that of WCAG AA for the text on them. */
const STYLE = `
  .bg { fill: #ffffff } text { font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #1c2733 }
  .title { font-size: 14px; font-weight: 600 } .line, .label { font-size: 12px; fill: #46576a } .label { font-size: 11px }
  .heading { font-size: 20px; font-weight: 700 } .subtitle { font-size: 13px; fill: #46576a }
  rect.box { stroke-width: 1.5; rx: 8px }
  .network rect.box { fill: #fbfcfe; stroke: #b8c4d1 } .zone rect.box { fill: #f3f6fa; stroke: #9fb0c3 } .cluster rect.box { fill: #f2f7f0; stroke: #8fb083 }
  .services rect.box { fill: #fff7e0; stroke: #c79a1b } .external rect.box { fill: #eef0f2; stroke: #7d8996 }
  .routers rect.box { fill: #e3f0ff; stroke: #2f7bd6 } .brokers rect.box { fill: #ffe9df; stroke: #d0582a }
  .masters rect.box, .nodes rect.box { fill: #e2f1dc; stroke: #4f8a3c }
  path { fill: none; stroke-width: 1.8 } .rpc { stroke: #2f7bd6 } .notifications { stroke: #d0582a; stroke-dasharray: 7 4 }
  .mesh { stroke: #7d62c9 } .cluster-link { stroke: #d98a68 } .route { stroke: #93a1b0; stroke-dasharray: 2 4 }
  @media (prefers-color-scheme: dark) {
    .bg { fill: #10161d } text { fill: #e8eef5 } .line, .label, .subtitle { fill: #b3c1d1 }
    .network rect.box { fill: #131b23; stroke: #3c4b5a } .zone rect.box { fill: #18212b; stroke: #4b5d70 } .cluster rect.box { fill: #172319; stroke: #4d6b45 }
    .services rect.box { fill: #332a10; stroke: #c79a1b } .external rect.box { fill: #222a33; stroke: #7d8996 }
    .routers rect.box { fill: #12304f; stroke: #5b9bea } .brokers rect.box { fill: #47230f; stroke: #e58a60 }
    .masters rect.box, .nodes rect.box { fill: #1f3a1a; stroke: #79b565 }
    .rpc { stroke: #79b0f2 } .mesh { stroke: #b9a4f5 } .notifications, .cluster-link { stroke: #f0956b } .route { stroke: #64748a }
  }`;

const LEGEND_ITEMS: readonly (readonly [kind: Link["kind"], text: string])[] = [
  ["rpc", "RPC"],
  ["notifications", "notifications"],
  ["mesh", "inter-router links"],
  ["cluster", "broker cluster"],
  ["route", "routed"],
];

/** The picture as SVG; the same graph gives the same bytes. */
export function renderSvg(graph: Graph, placed: Placed): string {
  const links = new Map(graph.links.map((link) => [link.id, link]));
  const legend = LEGEND_ITEMS.filter(([kind]) => graph.links.some((link) => link.kind === kind));
  const width = Math.ceil(Math.max(placed.width ?? 0, graph.subtitle.length * 7, legend.length * 150) + 2 * MARGIN);
  const height = Math.ceil((placed.height ?? 0) + HEADING + LEGEND + 2 * MARGIN);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(`Topology of stack ${graph.title}: ${graph.subtitle}`)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="bg" width="${width}" height="${height}"/>`,
    `<text class="heading" x="${MARGIN}" y="${MARGIN + 18}">${escape(graph.title)}</text>`,
    `<text class="subtitle" x="${MARGIN}" y="${MARGIN + 40}">${escape(graph.subtitle)}</text>`,
    `<g transform="translate(${MARGIN} ${MARGIN + HEADING})">`,
    ...graph.boxes.flatMap((box) => boxes(box, placed, 0, 0)),
    ...(placed.edges ?? []).flatMap((edge) => line(edge, links.get(edge.id), placed)),
    `</g>`,
    ...legend.map(([kind, text], index) => legendItem(kind, text, MARGIN + index * 150, height - MARGIN)),
    `</svg>`,
    "",
  ].join("\n");
}

function boxes(box: Box, parent: Placed, x: number, y: number): string[] {
  const place = parent.children?.find((child) => child.id === box.id);
  if (place === undefined) return [];
  const [left, top] = [x + (place.x ?? 0), y + (place.y ?? 0)];
  const text = box.lines.map(
    (content, index) =>
      `<text class="line" x="${round(left + TEXT.padding)}" y="${round(top + 40 + index * TEXT.lineHeight)}">${escape(content)}</text>`,
  );
  return [
    `<g class="${box.kind}"><title>${escape([box.title, ...box.lines].join(", "))}</title>`,
    `<rect class="box" x="${round(left)}" y="${round(top)}" width="${round(place.width ?? 0)}" height="${round(place.height ?? 0)}"/>`,
    `<text class="title" x="${round(left + TEXT.padding)}" y="${round(top + 21)}">${escape(box.title)}</text>`,
    ...text,
    `</g>`,
    ...box.children.flatMap((child) => boxes(child, place, left, top)),
  ];
}

type Edge = NonNullable<Placed["edges"]>[number];

function line(edge: Edge, link: Link | undefined, root: Placed): string[] {
  if (link === undefined) return [];
  const [dx, dy] = offsetOf(root, (edge as { container?: string }).container ?? "root") ?? [0, 0];
  const point = ({ x, y }: { x: number; y: number }) => `${round(x + dx)} ${round(y + dy)}`;
  const paths = (edge.sections ?? []).map(
    (section) =>
      `M ${point(section.startPoint)} ${[...(section.bendPoints ?? []), section.endPoint].map((p) => `L ${point(p)}`).join(" ")}`,
  );
  const labels = (edge.labels ?? []).flatMap((label) => {
    const [x, y] = [(label.x ?? 0) + dx, (label.y ?? 0) + dy];
    return [
      `<text class="label" x="${round(x + (label.width ?? 0) / 2)}" y="${round(y + 12)}" text-anchor="middle">${escape(label.text ?? "")}</text>`,
    ];
  });
  return [...paths.map((path) => `<path class="${classOf(link.kind)}" d="${path}"/>`), ...labels];
}

/** Where a container's own coordinates begin: elkjs gives an edge's points relative to the boxes' common parent. */
function offsetOf(node: Placed, id: string, x = 0, y = 0): [number, number] | undefined {
  if (node.id === id) return [x, y];
  for (const child of node.children ?? []) {
    const found = offsetOf(child, id, x + (child.x ?? 0), y + (child.y ?? 0));
    if (found) return found;
  }
  return undefined;
}

function legendItem(kind: Link["kind"], text: string, x: number, y: number): string {
  return `<path class="${classOf(kind)}" d="M ${x} ${y - 4} L ${x + 30} ${y - 4}"/><text class="label" x="${x + 38}" y="${y}">${escape(text)}</text>`;
}

function classOf(kind: Link["kind"]): string {
  return kind === "cluster" ? "cluster-link" : kind;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
