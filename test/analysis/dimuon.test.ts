import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Outcome } from "../../tools/analysis/local";
import { CHECKOUT } from "../../tools/workspace/workspace";
import { runAnalysis, tool } from "../support/analysis/tool";

const DIMUON = join(CHECKOUT, "examples/dimuon/analysis.yaml");

/** Enough for every peak, and few enough for a test. */
const EVENTS = ["-p", "events=600000"];

interface Peak {
  mass_GeV: number;
  mass_error_GeV: number;
  resolution_GeV: number;
}

describe("The dimuon spectrum, on real Spark", () => {
  const results = mkdtempSync(join(tmpdir(), "fabric-dimuon-"));
  const to = ["--to", results];
  let first: Outcome;

  beforeAll(async () => {
    first = await runAnalysis(DIMUON, ...EVENTS, ...to);
  });

  afterAll(() => rmSync(results, { recursive: true }));

  const read = (name: string, outcome = first) => readFileSync(join(outcome.prefix, name));

  // Masses of the Particle Data Group's listings of 2024, in GeV, and the width that each peak may be off by: the
  // resolution that the muons are generated with makes 0.9 % of the mass; the Z's own width is 2.5.
  test.each([
    ["jpsi", "J/ψ", 3.0969, 0.028],
    ["upsilon1s", "Υ(1S)", 9.4604, 0.087],
    ["z", "Z", 91.188, 2.4955],
  ])("has the %s peak within its width", (key, _label, mass, width) => {
    const { peaks } = JSON.parse(read("peaks.json").toString()) as { peaks: Record<string, Peak> };
    const peak = peaks[key]!;
    expect(Math.abs(peak.mass_GeV - mass)).toBeLessThan(width / 3);
    expect(peak.mass_error_GeV).toBeLessThan(width / 5);
    expect(Math.abs(highest(spectrum(), mass * 0.94, mass * 1.06) - mass)).toBeLessThan(width);
  });

  test("finds back the resolution that its muons were generated with", () => {
    const { peaks } = JSON.parse(read("peaks.json").toString()) as { peaks: Record<string, Peak> };
    // Two muons, each off by 1.3 %, make the mass off by that over the square root of two.
    expect(Math.abs(peaks["jpsi"]!.resolution_GeV / 3.0969 - 0.013 / Math.SQRT2)).toBeLessThan(0.001);
  });

  test("counts every selected event once", () => {
    const { selected } = JSON.parse(read("peaks.json").toString()) as { selected: number };
    expect(spectrum().reduce((sum, { events }) => sum + events, 0)).toBe(selected);
    expect(selected).toBeGreaterThan(100_000);
  });

  test("is drawn as PNG and SVG", () => {
    const png = read("dimuon.png");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1440, 960]);
    expect(png.length).toBeGreaterThan(30_000);
    const svg = read("dimuon.svg").toString();
    expect(svg).toContain("</svg>");
    // The filled spectrum and its line: a thousand bins each.
    expect(
      Math.max(...[...svg.matchAll(/ d="([^"]*)"/g)].map(([, path]) => path!.split(/\bL\b/).length)),
    ).toBeGreaterThan(500);
  });

  test("is not made twice: a second run ends at once and says where the result is", async () => {
    const again = await tool(["run", DIMUON, ...EVENTS, ...to]);
    expect(again.stdout).toMatch(/^Not run: the same analysis with the same inputs finished at/);
    expect(again.stdout).toContain(first.prefix);
    expect(again.milliseconds).toBeLessThan(10_000);
    const shown = await tool(["show", DIMUON, ...EVENTS, ...to, "--json"]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ address: first.manifest.address, finished: true });
  });

  test("is made anew with another parameter, beside the first result", async () => {
    const other = await runAnalysis(DIMUON, ...EVENTS, "-p", "minimum_pt=4", ...to);
    expect(other.state).toBe("finished");
    expect(other.prefix).not.toBe(first.prefix);
    const selected = (outcome: Outcome) =>
      (JSON.parse(read("peaks.json", outcome).toString()) as { selected: number }).selected;
    expect(selected(other)).toBeLessThan(selected(first));
  });

  test("is made again when asked to, and comes out the same to the last byte", async () => {
    const again = await runAnalysis(DIMUON, ...EVENTS, "--rerun", "to compare", ...to);
    expect(again.state).toBe("finished");
    expect(again.manifest.rerun).toBe("to compare");
    expect(again.manifest.address).not.toBe(first.manifest.address);
    expect(again.manifest.outputs).toEqual(first.manifest.outputs);
  });

  test("refuses a wrong parameter and an unknown one, with what is allowed", async () => {
    const refused = await tool(["run", DIMUON, "-p", "event=5", "-p", "minimum_pt=high", ...to]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("`event` is no parameter of this analysis; did you mean `events`?");
    expect(refused.stderr).toContain('`minimum_pt` must be a number from 0 to 30, got "high".');
    expect(refused.stderr).not.toContain("    at ");
  });

  test("says what to install where there is no Java", async () => {
    const env = { ...process.env, JAVA_HOME: "/nowhere" };
    const refused = await tool(["run", DIMUON, "-p", "seed=2", ...to], env);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/Spark needs Java.*openjdk-17-jre-headless/);
  });

  interface Bin {
    low: number;
    high: number;
    events: number;
  }

  function spectrum(): Bin[] {
    const [, ...rows] = read("spectrum.csv").toString().trim().split("\n");
    return rows.map((row) => {
      const [low = 0, high = 0, events = 0] = row.split(",").map(Number);
      return { low, high, events };
    });
  }

  /** Middle of the bin with the most events a GeV. */
  function highest(bins: Bin[], from: number, to: number): number {
    const density = ({ low, high, events }: Bin) => events / (high - low);
    const inside = bins.filter(({ low, high }) => low > from && high < to);
    const { low, high } = inside.reduce((best, bin) => (density(bin) > density(best) ? bin : best));
    return (low + high) / 2;
  }
});
