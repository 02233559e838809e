import { type Browser, chromium } from "playwright-core";

import { ensureDebian, find } from "./debian";

/** A headless Chromium: Debian's, which is installed where it is missing. */
export async function startChromium(): Promise<Browser> {
  await ensureDebian(["chromium"], ["chromium"]);
  // Without a sandbox of its own, which root does not get; it opens only the tests' own pages.
  return chromium.launch({ executablePath: find("chromium"), args: ["--no-sandbox", "--disable-gpu"] });
}
