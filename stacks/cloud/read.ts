import type { CloudClient } from "../../components/cloud/client";
import type { StackConfig } from "../config/schema";
import type { StackPlan } from "../plan";
import { type Inventory, readInventory } from "./inventory";
import { type MagnumState, NO_CLUSTERS, readMagnum } from "./magnumClusters";

/** What a cloud has, as far as a stack depends on it; Magnum is asked only where the stack has clusters. */
export async function readCloud(
  client: CloudClient,
  config: StackConfig,
  { prefix, clusters }: StackPlan,
): Promise<{ inventory: Inventory; magnum: MagnumState }> {
  const names = clusters.map(({ name }) => name);
  const [inventory, magnum] = await Promise.all([
    readInventory(client, prefix),
    config.clusters === undefined ? NO_CLUSTERS : readMagnum(client, names),
  ]);
  return { inventory, magnum };
}
