import { createHash } from "node:crypto";

import { badgesOf, badgeWidth } from "./badges";
import { type Placed, tieId } from "./layout";
import { KINDS, legendOf } from "./legend";
import type { Bond, Box, Flow, Graph } from "./model";
import { badge, escapeXml, rectangle, text, wire } from "./shapes";
import { PILE, roomFor } from "./size";
import { ROOT, STYLE } from "./style";
import { cut, TEXT, textWidth } from "./text";
import { find, pathsOf, type Point } from "./wires";

const MARGIN = 24;
const HEADING = 62;
const ROW = 24;

/** The picture as SVG; the same graph gives the same bytes, and only another has another id. */
export function renderSvg(graph: Graph, placed: Placed): string {
  const legend = legendOf(graph);
  const notes = graph.notes.map((note) => textWidth(note, TEXT.line) * 0.9);
  const widths = [
    textWidth(graph.subtitle, 13),
    textWidth(graph.title, 21),
    ...notes,
    ...legend.map((row) => row.width),
  ];
  const width = Math.ceil(Math.max(placed.width ?? 0, ...widths) + 2 * MARGIN);
  const top = HEADING + MARGIN + (placed.height ?? 0) + MARGIN + 16;
  const height = Math.ceil(top + (legend.length + graph.notes.length) * ROW);
  const content = [
    `<rect class="${ROOT}-bg" width="${width}" height="${height}"/>`,
    text("heading", MARGIN, MARGIN + 18, graph.title),
    text("subtitle", MARGIN, MARGIN + 40, graph.subtitle),
    `<g transform="translate(${MARGIN} ${MARGIN + HEADING})">`,
    ...graph.boxes.flatMap((box) => drawBox(box, placed, { x: 0, y: 0 })),
    ...graph.flows.map((flow) => drawFlow(flow, placed)),
    ...graph.bonds.flatMap((bond) => drawBond(bond, placed)),
    `</g>`,
    ...legend.map(({ items }, row) => `<g transform="translate(${MARGIN} ${top + row * ROW})">${items.join("")}</g>`),
    ...graph.notes.map((note, row) => text("line", MARGIN, top + (legend.length + row) * ROW, note)),
  ];
  return framed(graph, { width, height }, content);
}

function framed(
  graph: Graph,
  { width, height }: { width: number; height: number },
  content: readonly string[],
): string {
  const title = escapeXml(`Topology. ${graph.title}: ${graph.subtitle}`);
  const description = escapeXml([...outline(graph.boxes), ...graph.description, ...graph.notes].join(". "));
  const id = `${ROOT}-${createHash("sha256")
    .update([title, description, ...content].join("\n"))
    .digest("hex")
    .slice(0, 10)}`;
  const change = graph.operations === undefined ? "" : ` ${ROOT}-change`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${ROOT}${change}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc">`,
    `<title id="${id}-title">${title}</title>`,
    `<desc id="${id}-desc">${description}</desc>`,
    `<style>${STYLE}</style>`,
    ...content,
    `</svg>`,
    "",
  ].join("\n");
}

/** The boxes in words, down to what stands in zones and clusters. */
function outline(boxes: readonly Box[]): string[] {
  return boxes.flatMap((box) => {
    const inner = box.children.map((child) => child.title);
    const nested = box.children.filter((child) => child.children.length > 0);
    return [inner.length === 0 ? box.title : `${box.title}: ${inner.join(", ")}`, ...outline(nested)];
  });
}

function drawBox(box: Box, parent: Placed, origin: Point): string[] {
  const place = parent.children?.find((child) => child.id === box.id);
  if (place === undefined) throw new Error(`"${box.id}" has no place in the picture`);
  const outer = { x: origin.x + (place.x ?? 0), y: origin.y + (place.y ?? 0) };
  const room = roomFor(box);
  const at = { x: outer.x, y: outer.y + room };
  const size = { width: (place.width ?? 0) - room, height: (place.height ?? 0) - room };
  const behind = box.pile === true ? [2 * PILE, PILE] : [];
  const left = at.x + TEXT.padding;
  const operation = box.change?.whole === undefined ? "" : ` ${ROOT}-${box.change.whole}`;
  return [
    `<g class="${ROOT}-box ${ROOT}-k-${box.kind}${operation}"><title>${escapeXml([box.title, ...(box.tooltip ?? box.lines)].join("\n"))}</title>`,
    ...behind.map((offset) => rectangle({ x: at.x + offset, y: at.y - offset }, size)),
    rectangle(at, size),
    text("title", left, at.y + 22, cut(box.title)),
    ...box.lines.map((line, index) => text("line", left, at.y + 41 + index * TEXT.lineHeight, cut(line))),
    ...drawBadges(box, { x: at.x + size.width - 8, y: at.y + 7 }),
    `</g>`,
    ...box.children.flatMap((child) => drawBox(child, place, outer)),
  ];
}

/** Marks from the right to the left. */
function drawBadges(box: Box, { x, y }: Point): string[] {
  let right = x;
  return badgesOf(box.change)
    .reverse()
    .map((mark) => {
      right -= badgeWidth(mark);
      const drawn = badge(mark, { x: right, y });
      right -= 4;
      return drawn;
    });
}

function drawFlow(flow: Flow, placed: Placed): string {
  const [name] = KINDS[flow.kind];
  const wires = pathsOf(placed, flow.id).map((points) => wire(points, true));
  const gone = flow.gone === true ? ` ${ROOT}-delete` : "";
  return `<g class="${ROOT}-k-${name}${gone}"><title>${escapeXml(flow.tooltip)}</title>${wires.join("")}</g>`;
}

function drawBond(bond: Bond, placed: Placed): string[] {
  const found = find(placed, bond.id);
  if (found === undefined) throw new Error(`"${bond.id}" has no place in the picture`);
  const { node, at } = found;
  const centre = at.x + (node.width ?? 0) / 2;
  const [name] = KINDS[bond.kind];
  const ties = bond.ends.length + (bond.to === undefined ? 0 : 1);
  const wires = Array.from({ length: ties }, (_, index) =>
    pathsOf(placed, tieId(bond, index)).map((path) => wire(path, false)),
  );
  const lines = bond.lines.map((line, index) =>
    text("label", centre, at.y + 19 + index * TEXT.lineHeight, cut(line), "middle"),
  );
  const title = `<title>${escapeXml(bond.lines.join(", "))}</title>`;
  return [
    `<g class="${ROOT}-bond ${ROOT}-k-${name}">${title}${wires.flat().join("")}${rectangle(at, node, 16)}${lines.join("")}</g>`,
  ];
}
