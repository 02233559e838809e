import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { renderHtml } from "../../tools/report/html/page";
import { readPicture } from "../../tools/report/html/picture";
import { reportOf } from "../../tools/report/report";
import { CHECKOUT } from "../../tools/workspace/workspace";
import { startChromium } from "../support/chromium";
import { recorded } from "../support/previews/recordings";

const PICTURE = join(CHECKOUT, "docs/images/topology-production.svg");

describe("the page in a real browser", () => {
  let browser: Browser;
  let folder: string;
  let page: Page;
  const asked: string[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    browser = await startChromium();
    folder = mkdtempSync(join(tmpdir(), "fabric-report-"));
    const previews = ["service-added", "new-stack"].map(recorded);
    const report = reportOf(previews, { today: "2026-06-01", policies: ["replace-stateful"] });
    const svg = readPicture(readFileSync(PICTURE, "utf8"), PICTURE);
    writeFileSync(join(folder, "report.html"), renderHtml(report, [{ stack: "rec", svg }]));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    page = await browser.newPage({ colorScheme: "light", viewport: { width: 1200, height: 900 } });
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    await page.goto(pathToFileURL(join(folder, "report.html")).href);
  });
  afterEach(async () => {
    await page.close();
    expect(said).toEqual([]);
    expect(asked.filter((url) => !url.endsWith("/report.html"))).toEqual([]);
  });

  const shown = () => page.locator("[data-change]:visible").count();
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

  it("begins with what is at stake, in view without scrolling", async () => {
    const first = page.locator("[data-change]").first();
    expect(await first.textContent()).toMatch(/REPLACE Instance messaging-broker-01/);
    expect((await first.boundingBox())?.y).toBeLessThan(400);
  });

  it("opens and closes a fold, and all of them", async () => {
    const fold = page.locator("details[data-change]", { hasText: "messaging-broker-01" }).first();
    expect(await fold.locator("pre").isVisible()).toBe(false);
    await fold.locator("summary").click();
    expect(await fold.locator("pre").isVisible()).toBe(true);
    await page.click("#folds");
    const folds = await page.locator("details[data-change]").count();
    expect(await page.locator("details[data-change][open]").count()).toBe(folds);
    await page.click("#folds");
    expect(await page.locator("details[data-change][open]").count()).toBe(0);
  });

  it("filters by text, by operation and by layer, and hides empty groups", async () => {
    const all = await shown();
    await page.fill("input[name=text]", "broker-02-volume rec");
    expect(await shown()).toBe(1);
    expect(await page.locator("output").textContent()).toBe("1 shown");
    expect(await page.locator("section[data-group]:visible").count()).toBe(1);
    await page.selectOption("select[name=operation]", "replace");
    expect(await shown()).toBe(0);
    await page.fill("input[name=text]", "");
    await page.selectOption("select[name=operation]", "");
    await page.selectOption("select[name=layer]", "network");
    expect(await shown()).toBeGreaterThan(0);
    expect(await shown()).toBeLessThan(all);
    await page.selectOption("select[name=layer]", "");
    expect(await shown()).toBe(all);
  });

  it("follows the reader's light or dark, and the toggle goes over it", async () => {
    const light = await background();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.click("#theme");
    expect(await background()).toBe(light);
    await page.click("#theme");
    expect(await background()).toBe(dark);
  });

  it.each(["light", "dark"] as const)("has texts that can be read in %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    const worst = await page.evaluate(() => {
      const parts = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
      const luminance = (color: string) => {
        const [r = 0, g = 0, b = 0] = parts(color).map((part) => {
          const share = part / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const behind = (element: Element): string => {
        const color = getComputedStyle(element).backgroundColor;
        const clear = parts(color)[3] === 0;
        return clear && element.parentElement ? behind(element.parentElement) : color;
      };
      const contrasts = [
        ...document.querySelectorAll("h1, h2, .op, .where, .stake, code, td, summary, figcaption"),
      ].map((element) => {
        const [a = 0, b = 0] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort(
          (x, y) => y - x,
        );
        return (a + 0.05) / (b + 0.05);
      });
      return Math.min(...contrasts);
    });
    expect(worst).toBeGreaterThanOrEqual(4.5);
  });

  it("shows the picture, whose style is not the page's, and which follows the toggle", async () => {
    const svg = page.locator("figure svg");
    expect((await svg.boundingBox())?.width).toBeGreaterThan(500);
    expect(await svg.locator("text").first().isVisible()).toBe(true);
    expect(await page.evaluate(() => document.querySelector("svg"))).toBeNull();
    const ink = () =>
      svg
        .locator("text")
        .first()
        .evaluate((text) => getComputedStyle(text).fill);
    const light = await ink();
    await page.click("#theme");
    expect(await ink()).not.toBe(light);
    await page.click("#theme");
    expect(await ink()).toBe(light);
  });
});
