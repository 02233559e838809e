import { expect } from "vitest";

export interface Element {
  name: string;
  attributes: Record<string, string>;
  text: string;
  /** Classes, kind and number of the group around it. */
  owner: string;
  kind: string;
  group: number;
}

/** Boxes that hold others, and what is no box. */
const HOLDERS = ["", "stack", "network", "zone", "cluster"];

/** Rectangles of boxes that hold no others, and of labels. */
export function leavesOf(elements: readonly Element[]): Element[] {
  return elements.filter(({ name, kind }) => name === "rect" && !HOLDERS.includes(kind));
}

export function isWire({ attributes }: Element): boolean {
  return attributes["class"] === "ft-wire";
}

/** The elements of an XML document without comments or sections, or an error saying why it is none. */
export function elementsOf(xml: string): Element[] {
  const open: Element[] = [];
  const found: Element[] = [];
  const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  const decoded = (text: string) => {
    if (/&(?!(amp|lt|gt|quot);)|</.test(text)) throw new Error(`not escaped: ${text}`);
    return text.replace(/&(\w+);/g, (_, entity: string) => entities[entity] ?? "");
  };
  let end = 0;
  for (const tag of xml.matchAll(/<(\/?)([a-z]+)((?:\s[a-zA-Z-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const [whole, closing = "", name = "", attributes = "", empty = ""] = tag;
    const top = open.at(-1);
    const between = decoded(xml.slice(end, tag.index));
    if (top) top.text += between;
    else if (between.trim() !== "") throw new Error(`text outside of the document: ${between}`);
    end = tag.index + whole.length;
    if (closing !== "") {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing`);
      continue;
    }
    const pairs = [...attributes.matchAll(/([a-zA-Z-]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [
      key,
      decoded(value),
    ]);
    const groups = open.filter((element) => element.name === "g");
    const owner = groups.at(-1);
    const element: Element = {
      name,
      attributes: Object.fromEntries(pairs) as Record<string, string>,
      text: "",
      owner: owner?.attributes["class"] ?? "",
      kind: /\bft-k-(\w+)/.exec(owner?.attributes["class"] ?? "")?.[1] ?? "",
      group: owner ? found.indexOf(owner) : -1,
    };
    found.push(element);
    if (empty === "") open.push(element);
  }
  if (open.length > 0 || xml.slice(end).trim() !== "") throw new Error("the document does not end");
  return found;
}

/** The straight parts of a line as boxes of next to no size, a little shorter than they are: ends may touch boxes. */
export function segmentsOf(wire: Element): Pick<Element, "attributes">[] {
  const points = [...(wire.attributes["d"] ?? "").matchAll(/[ML] (\S+) (\S+)/g)].map(([, x, y]) => [
    Number(x),
    Number(y),
  ]);
  return points.slice(1).map(([x2 = 0, y2 = 0], index) => {
    const [x1 = 0, y1 = 0] = points[index] ?? [];
    expect(x1 === x2 || y1 === y2, "lines run straight across or straight down").toBe(true);
    const part = (a: number, b: number) => ({ from: Math.min(a, b) + 0.5, size: Math.abs(a - b) - 1 });
    const [x, y] = [part(x1, x2), part(y1, y2)];
    const attributes = { x: x.from, width: Math.max(0.01, x.size), y: y.from, height: Math.max(0.01, y.size) };
    return { attributes: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])) };
  });
}

export function overlap(a: { attributes: Record<string, string> }, b: { attributes: Record<string, string> }): boolean {
  const span = (box: typeof a, at: "x" | "y", size: "width" | "height") =>
    [Number(box.attributes[at]), Number(box.attributes[at]) + Number(box.attributes[size])] as const;
  const meets = (at: "x" | "y", size: "width" | "height") => {
    const [[a1, a2], [b1, b2]] = [span(a, at, size), span(b, at, size)];
    return a1 < b2 && b1 < a2;
  };
  return meets("x", "width") && meets("y", "height");
}
