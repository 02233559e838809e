import type { Badge } from "./badges";
import { badgeWidth } from "./badges";
import { ROOT } from "./style";
import type { Point } from "./wires";

const HEAD = 8;
const BADGE_HEIGHT = 18;

/** A line along the points; with a head it ends before its last point, so that the tip is sharp. */
export function wire(points: readonly Point[], head: boolean): string {
  const line = (through: readonly Point[]) =>
    `<path class="${ROOT}-wire" d="${through.map(({ x, y }, index) => `${index === 0 ? "M" : "L"} ${round(x)} ${round(y)}`).join(" ")}"/>`;
  const [before, tip] = [points.at(-2), points.at(-1)];
  if (!head || before === undefined || tip === undefined) return line(points);
  const [dx, dy] = [Math.sign(tip.x - before.x), Math.sign(tip.y - before.y)];
  const base = { x: tip.x - dx * HEAD, y: tip.y - dy * HEAD };
  const corner = (side: number) => `${round(base.x - dy * side)} ${round(base.y + dx * side)}`;
  const arrow = `<path class="${ROOT}-head" d="M ${round(tip.x)} ${round(tip.y)} L ${corner(4)} L ${corner(-4)} Z"/>`;
  return line([...points.slice(0, -1), base]) + arrow;
}

export function rectangle(
  at: Point,
  { width = 0, height = 0 }: { width?: number; height?: number },
  radius = 8,
): string {
  return `<rect x="${round(at.x)}" y="${round(at.y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

export function text(name: string, x: number, y: number, content: string, anchor?: "middle"): string {
  const middle = anchor === undefined ? "" : ` text-anchor="${anchor}"`;
  return `<text class="${ROOT}-${name}" x="${round(x)}" y="${round(y)}"${middle}>${escapeXml(content)}</text>`;
}

/** A mark with an operation's sign, whose upper left corner is given. */
export function badge(mark: Badge, { x, y }: Point): string {
  const width = badgeWidth(mark);
  const sign = text("sign", x + width / 2, y + 13.5, mark.text, "middle");
  return `<g class="${ROOT}-badge ${ROOT}-${mark.operation}">${rectangle({ x, y }, { width, height: BADGE_HEIGHT }, 9)}${sign}</g>`;
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
