import { describe, expect, it } from "vitest";

import { OPERATIONS } from "../../tools/topology/model";
import { type Colour, PALETTE } from "../../tools/topology/palette";
import { stalePictures } from "../../tools/topology/shipped";
import { STYLE } from "../../tools/topology/style";

const THEMES = ["light", "dark"] as const;
const COLOURS = Object.keys(PALETTE) as Colour[];
const FILLS = COLOURS.filter((colour) => colour === "bg" || colour.endsWith("-fill"));
const TEXTS = ["text", "muted"] as const;
const LINES = COLOURS.filter((colour) => !FILLS.includes(colour) && ![...TEXTS, "badge"].includes(colour));

/** WCAG's relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: Colour, b: Colour, theme: (typeof THEMES)[number]): number {
  const [low = 0, high = 0] = [a, b]
    .map((colour) => luminance(PALETTE[colour][THEMES.indexOf(theme)] ?? ""))
    .sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Pairs whose contrast is too low, with it. */
function below(least: number, fronts: readonly Colour[], backs: readonly Colour[]): string[] {
  return THEMES.flatMap((theme) =>
    fronts.flatMap((front) =>
      backs
        .map((back) => ({ back, found: contrast(front, back, theme) }))
        .filter(({ found }) => found < least)
        .map(({ back, found }) => `${theme}: ${front} on ${back} ${found.toFixed(2)}`),
    ),
  );
}

describe("the colours of pictures", () => {
  it("measures contrast as WCAG does", () => {
    expect(contrast("bg", "bg", "light")).toBe(1);
    expect(luminance("#ffffff")).toBeCloseTo(1);
    expect(luminance("#777777")).toBeCloseTo(0.1845, 3);
  });

  it("have texts of at least 4.5 : 1 on everything that is filled, in light and dark", () => {
    expect(FILLS.length).toBeGreaterThan(10);
    expect(below(4.5, TEXTS, FILLS)).toEqual([]);
    expect(below(4.5, ["badge"], OPERATIONS)).toEqual([]);
  });

  it("have lines and borders of at least 3 : 1 on what they are drawn on", () => {
    expect(below(3, LINES, ["bg", "frame-fill", "zone-fill", "cluster-fill"])).toEqual([]);
    expect(OPERATIONS.flatMap((operation) => below(3, [operation], [`${operation}-fill`]))).toEqual([]);
  });

  it("are used for texts only where they were measured for texts", () => {
    const texts = [...STYLE.matchAll(/\btext[^{}]*\{([^}]*)\}/g)].flatMap(
      ([, rule = ""]) => rule.match(/var\(--ft-[\w-]+\)/g) ?? [],
    );
    expect(new Set(texts)).toEqual(new Set(["var(--ft-text)", "var(--ft-muted)", "var(--ft-badge)"]));
  });

  it("follow the reader, and above that an element around the picture, whatever the reader prefers", () => {
    const dark = `--ft-bg:${PALETTE.bg[1]}`;
    expect(STYLE.indexOf("[data-theme=")).toBeGreaterThan(STYLE.indexOf("@media (prefers-color-scheme:dark)"));
    expect(STYLE).toContain(`@media (prefers-color-scheme:dark){.ft{${dark}`);
    expect(STYLE).toContain(`[data-theme="dark"] .ft{${dark}`);
    expect(STYLE).toContain(`[data-theme="light"] .ft{--ft-bg:${PALETTE.bg[0]}`);
  });

  it("touch nothing of a page that the picture stands in: every selector begins with a class of its own", () => {
    const selectors = STYLE.replace(/@media[^{]*\{/g, "")
      .replace(/\{[^{}]*\}/g, "\n")
      .split("\n")
      .map((line) => line.replace(/^\}+/, "").trim())
      .filter((line) => line !== "");
    expect(selectors.length).toBeGreaterThan(30);
    for (const selector of selectors) expect(selector).toMatch(/^(\[data-theme="\w+"\] )?\.ft\b/);
  });

  it("say no size of text below 11 pixels", () => {
    const sizes = [...STYLE.matchAll(/font-size:(\d+)px/g)].map(([, size]) => Number(size));
    expect(sizes.length).toBeGreaterThan(4);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(11);
  });
});

describe("the pictures of the documentation", () => {
  it("are what the tool draws now; `make docs` writes them", async () => {
    expect(await stalePictures()).toEqual([]);
  });
});
