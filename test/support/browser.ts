import { type Browser, chromium } from "playwright-core";

import { ensureDebian, find } from "./debian";

/** A real headless Chromium, Debian's; it is closed by who asked for it. */
export async function startBrowser(): Promise<Browser> {
  await ensureDebian(["chromium"], ["chromium"]);
  // Its sandbox needs a user of its own, which root has not; pages are our own.
  return chromium.launch({ executablePath: find("chromium") ?? "chromium", args: ["--no-sandbox"] });
}
