import type { CloudClient } from "../../../stacks/cloud/client";
import { sandboxEnv } from "../../../tools/sandbox/openstack";
import { connectCloud } from "../../../tools/workspace/cloud";

/** The sandbox that the tests of clusters share. */
export const CLUSTERS_SANDBOX = "clusters";

/** A client of the project's user, or of the administrator in the administrator's project. */
export async function clientOf(cloud: "sandbox" | "sandbox-admin"): Promise<CloudClient> {
  return connectCloud({ dir: "", stack: "", env: { ...(await sandboxEnv(CLUSTERS_SANDBOX)), OS_CLOUD: cloud } });
}
