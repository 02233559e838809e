import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { judge } from "../../tools/report/approvals";
import { changesOf } from "../../tools/report/changes";
import { htmlOf } from "../../tools/report/html";
import { readPreview } from "../../tools/report/preview";
import { reportOf } from "../../tools/report/report";
import { drawPreview } from "../../tools/topology/draw";
import { startBrowser } from "../support/browser";

const FOLDER = join(__dirname, "../fixtures/previews");

let folder: string;
let browser: Browser;
let page: Page;
let fetched: string[];
let errors: string[];

/** A page of a broker's new image, new subnets and a new router, with the picture of the first. */
async function writePage(file: string): Promise<void> {
  const names = { production: "broker-image", staging: "subnets-cut-anew", dev: "router-added" };
  const changes = Object.entries(names).flatMap(([stack, name]) => {
    const path = join(FOLDER, `${name}.json`);
    return changesOf(stack, readPreview(stack, readFileSync(path, "utf8"), path));
  });
  const preview: unknown = JSON.parse(readFileSync(join(FOLDER, "broker-image.json"), "utf8"));
  const report = reportOf(Object.keys(names), changes, ["replace-stateful"], judge([], changes, "2026-11-29"));
  writeFileSync(file, htmlOf(report, { production: await drawPreview({ preview }) }));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fabric-page-"));
  await writePage(join(folder, "report.html"));
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  [fetched, errors] = [[], []];
  page = await browser.newPage({ colorScheme: "light", viewport: { width: 1200, height: 900 } });
  page.on("request", (request) => fetched.push(request.url()));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(pathToFileURL(join(folder, "report.html")).href);
});
afterEach(() => page.close());

const shown = () => page.locator(".change:visible");
const background = () => page.evaluate("getComputedStyle(document.body).backgroundColor");

describe("the page of a report, in a browser", () => {
  it("needs nothing beside itself, and runs without an error", () => {
    expect(fetched).toEqual([pathToFileURL(join(folder, "report.html")).href]);
    expect(errors).toEqual([]);
  });

  it("shows first what is replaced, why, and what is at stake, and that it is refused", async () => {
    const text = await shown().first().innerText();
    expect(text).toMatch(
      /replace.*cluster-trial.*refused[^]*because it depends on[^]*cluster: the cluster, everything/,
    );
    expect(await page.getByRole("alert").innerText()).toMatch(/Refused: \d+ under replace-stateful/);
  });

  it("folds properties, and opens them by a click or a key", async () => {
    const first = shown().filter({ hasText: "messaging-broker-01" }).first();
    expect(await first.locator(".diffs").isVisible()).toBe(false);
    await first.locator("summary").click();
    expect(await first.locator(".diffs").innerText()).toMatch(/blockDevices\[0\]\.uuid\s+replaces/);
    await first.locator("summary").press("Enter");
    expect(await first.locator(".diffs").isVisible()).toBe(false);
  });

  it("filters by words, operation and layer, and says how many are left", async () => {
    const all = await shown().count();
    await page.getByLabel("Filter").fill("broker instance");
    expect(await shown().count()).toBeLessThan(all);
    for (const text of await shown().allInnerTexts()) expect(text).toMatch(/broker/);
    await page.getByLabel("Filter").fill("");
    await page.getByLabel("Operation").selectOption("create");
    expect(await shown().count()).toBe(await page.locator(".change.create").count());
    await page.getByLabel("Layer").selectOption("network");
    expect(await shown().count()).toBe(0);
    expect(await page.locator("#shown").innerText()).toBe(`0 of ${all} shown`);
  });

  it("has the picture of a stack, no wider than the page", async () => {
    const box = await page.locator(".picture svg").boundingBox();
    expect(box?.width ?? 0).toBeGreaterThan(200);
    expect(box?.width ?? 0).toBeLessThanOrEqual(1200);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });

  it("is light or dark as the reader's system is, and otherwise by its button", async () => {
    expect(await background()).toBe("rgb(255, 255, 255)");
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await background()).toBe("rgb(13, 17, 23)");
    await page.getByRole("button", { name: "Light or dark" }).click();
    expect(await background()).toBe("rgb(255, 255, 255)");
    await page.getByRole("button", { name: "Light or dark" }).click();
    expect(await background()).toBe("rgb(13, 17, 23)");
  });
});
