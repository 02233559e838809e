import { sandboxCommand } from "../../../tools/sandbox/openstack";
import { E2E_SANDBOX } from "./cloud";

/** One embedded OpenStack for all end-to-end tests; each test has its own names in it. */
export async function setup(): Promise<void> {
  await sandboxCommand(E2E_SANDBOX, "up", "--fresh");
}

export async function teardown(): Promise<void> {
  await sandboxCommand(E2E_SANDBOX, "down", "--delete");
}
