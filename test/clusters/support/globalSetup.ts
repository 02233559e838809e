import { sandboxCommand } from "../../../tools/sandbox/openstack";
import { CLUSTERS_SANDBOX } from "./cloud";

/** One embedded OpenStack for the tests of clusters; each test has its own names in it. */
export async function setup(): Promise<void> {
  await sandboxCommand(CLUSTERS_SANDBOX, "up", "--fresh");
}

export async function teardown(): Promise<void> {
  await sandboxCommand(CLUSTERS_SANDBOX, "down", "--delete");
}
