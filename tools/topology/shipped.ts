import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type Generated, staleOf, writeGenerated } from "../workspace/generated";
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
export async function shippedPictures(): Promise<Generated> {
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
  writeGenerated(await shippedPictures());
}

/** The pictures that are not what they should be. */
export async function stalePictures(): Promise<string[]> {
  return staleOf(await shippedPictures());
}
