import { OPERATIONS } from "./model";
import { type Colour, PALETTE } from "./palette";

/** Class of every picture's root; all other classes begin with it, so that a page's own style stays its own. */
export const ROOT = "ft";

const FONT = `system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",Arial,sans-serif`;

/** Fill and stroke of boxes by kind. */
const BOXES: Readonly<Record<string, readonly [fill: Colour, stroke: Colour]>> = {
  stack: ["frame-fill", "frame"],
  network: ["frame-fill", "frame"],
  zone: ["zone-fill", "zone"],
  cluster: ["cluster-fill", "cluster"],
  services: ["services-fill", "services"],
  external: ["plain-fill", "plain"],
  gateway: ["plain-fill", "plain"],
  site: ["mesh-fill", "mesh"],
  routers: ["router-fill", "router"],
  edges: ["edge-fill", "edge"],
  brokers: ["broker-fill", "broker"],
  masters: ["node-fill", "node"],
  nodes: ["node-fill", "node"],
  nodegroup: ["node-fill", "node"],
  workload: ["work-fill", "work"],
  template: ["bg", "node"],
  mesh: ["mesh-fill", "mesh"],
  members: ["members-fill", "members"],
};

/** Colour, width and dashes of lines by kind. */
const WIRES: Readonly<Record<string, readonly [colour: Colour, width: number, dashes?: string]>> = {
  rpc: ["router", 2],
  notifications: ["broker", 2, "7 4"],
  mesh: ["mesh", 1.5],
  members: ["members", 1.5, "10 3 2 3"],
  route: ["plain", 2, "2 4"],
  from: ["node", 1.5, "5 3"],
};

/** Boxes that hold others: in a change their border alone is coloured. */
const CONTAINERS = ["stack", "network", "zone", "cluster"];

/** The style of a picture: light, and dark where the reader or an element around it says so. */
export const STYLE = [
  `.${ROOT}{${variables(0)}}`,
  `@media (prefers-color-scheme:dark){.${ROOT}{${variables(1)}}}`,
  `[data-theme="light"] .${ROOT}{${variables(0)}}`,
  `[data-theme="dark"] .${ROOT}{${variables(1)}}`,
  `.${ROOT} text{font-family:${FONT};white-space:pre;${paint("fill", "text")}}`,
  rule("bg", paint("fill", "bg")),
  rule("heading", "font-size:20px;font-weight:700"),
  rule("subtitle", `font-size:13px;${paint("fill", "muted")}`, "text"),
  rule("title", "font-size:14px;font-weight:600"),
  rule("label", "font-size:12px"),
  rule("line", `font-size:12px;${paint("fill", "muted")}`, "text"),
  rule("sign", `font-size:13px;font-weight:700;${paint("fill", "badge")}`, "text"),
  `.${ROOT} rect{stroke-width:1.5}.${ROOT} .${ROOT}-wire{fill:none}`,
  ...Object.entries(BOXES).map(
    ([kind, [fill, stroke]]) => `.${ROOT}-k-${kind}>rect{${paint("fill", fill)}${paint("stroke", stroke)}}`,
  ),
  `.${ROOT}-k-template>rect{stroke-dasharray:5 3}`,
  ...Object.entries(WIRES).map(([kind, wire]) => wireRules(kind, ...wire)),
  ...changeRules(),
].join("\n");

function variables(theme: 0 | 1): string {
  return Object.entries(PALETTE)
    .map(([name, colours]) => `--${ROOT}-${name}:${colours[theme]}`)
    .join(";");
}

/** The light colour stands first for programs that know no variables. */
function paint(property: "fill" | "stroke", colour: Colour): string {
  return `${property}:${PALETTE[colour][0]};${property}:var(--${ROOT}-${colour});`;
}

function rule(name: string, declarations: string, element = ""): string {
  return `.${ROOT} ${element}.${ROOT}-${name}{${declarations}}`;
}

function wireRules(kind: string, colour: Colour, width: number, dashes?: string): string {
  const dashed = dashes === undefined ? "" : `stroke-dasharray:${dashes}`;
  return (
    `.${ROOT}-k-${kind} .${ROOT}-wire{stroke-width:${width};${paint("stroke", colour)}${dashed}}` +
    `.${ROOT}-k-${kind} .${ROOT}-head{${paint("fill", colour)}}`
  );
}

/** In a change all is calm but what changes; lines keep their dashes. */
function changeRules(): string[] {
  const change = `.${ROOT}-change`;
  const holds = CONTAINERS.map((kind) => `.${ROOT}-k-${kind}`).join(",");
  return [
    `${change} .${ROOT}-box>rect{${paint("fill", "calm-fill")}${paint("stroke", "calm")}}`,
    `${change} .${ROOT}-box:is(${holds})>rect{${paint("fill", "bg")}}`,
    `${change} .${ROOT}-bond>rect{${paint("fill", "bg")}${paint("stroke", "calm")}}`,
    `${change} .${ROOT}-wire{${paint("stroke", "calm")}}${change} .${ROOT}-head{${paint("fill", "calm")}}`,
    ...OPERATIONS.flatMap((operation) => [
      `${change} .${ROOT}-box.${ROOT}-${operation}>rect{stroke-width:2.5;${paint("stroke", operation)}}`,
      `${change} .${ROOT}-box.${ROOT}-${operation}:not(${holds})>rect{${paint("fill", `${operation}-fill`)}}`,
      `${change} .${ROOT}-badge.${ROOT}-${operation}>rect{stroke:none;${paint("fill", operation)}}`,
    ]),
    // Dashes mean what goes.
    `${change} .${ROOT}-k-template>rect{stroke-dasharray:none}`,
    `${change} .${ROOT}-box.${ROOT}-delete>rect{stroke-dasharray:7 4}`,
    `${change} .${ROOT}-delete>.${ROOT}-wire{stroke-dasharray:2 5;${paint("stroke", "delete")}}`,
    `${change} .${ROOT}-delete>.${ROOT}-head{${paint("fill", "delete")}}`,
    `${change} .${ROOT}-delete>.${ROOT}-title{text-decoration:line-through}`,
  ];
}
