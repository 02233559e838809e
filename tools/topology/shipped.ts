import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { CHECKOUT } from "../workspace/workspace";
import { drawPreview, drawTopology } from "./draw";
import { plannedStack } from "./planned";
import { parsePreview } from "./preview/read";

/**
 * From a preview of the engine's, over a state that was made without a cloud: cut down to what a picture reads, and what
 * the engine would have replaced only because it knew no ids of images is told as staying.
 */
export const EXAMPLE_CHANGE = "docs/images/change.preview.json";

/** The pictures that ship, by their paths: as they should be now. */
export async function shippedPictures(): Promise<Record<string, string>> {
  const planned = (stack: string) => {
    const { config, plan } = plannedStack(stack);
    return drawTopology(config, plan, stack);
  };
  const preview = parsePreview(readFileSync(join(CHECKOUT, EXAMPLE_CHANGE), "utf8"), EXAMPLE_CHANGE);
  return {
    "docs/images/topology-production.svg": await planned("production"),
    "docs/images/topology-scale.svg": await planned("scale"),
    "docs/images/topology-change.svg": await drawPreview({ preview }),
  };
}

export async function writePictures(): Promise<void> {
  for (const [file, svg] of Object.entries(await shippedPictures())) {
    mkdirSync(dirname(join(CHECKOUT, file)), { recursive: true });
    writeFileSync(join(CHECKOUT, file), svg);
  }
}

/** The pictures that are not what they should be. */
export async function stalePictures(): Promise<string[]> {
  const stale = Object.entries(await shippedPictures()).filter(([file, svg]) => {
    const path = join(CHECKOUT, file);
    return !existsSync(path) || readFileSync(path, "utf8") !== svg;
  });
  return stale.map(([file]) => file);
}
