import { recover } from "../recover/recover";
import { connectCloud } from "../workspace/cloud";
import { failOn, pulumi, removeWorkspace } from "../workspace/workspace";
import { extra, listCloud } from "./listing";
import { sandboxCommand } from "./openstack";
import { hasStack, readBaseline, SANDBOX_NAME, sandboxWorkspace } from "./stack";

/** Destroys the stack, shows that every service lists what it listed before, and stops the embedded OpenStack. */
export async function down(): Promise<void> {
  if (hasStack()) await destroyStack();
  else console.log("There is no stack to destroy.");
  await sandboxCommand(SANDBOX_NAME, "down", "--delete");
}

async function destroyStack(): Promise<void> {
  // The resources can only be removed by the cloud that has them.
  await sandboxCommand(SANDBOX_NAME, "up");
  const workspace = await sandboxWorkspace();
  await recover(workspace, () => connectCloud(workspace));
  failOn(await pulumi(workspace, ["destroy", "--yes", "--skip-preview"], { stdio: "inherit" }), "pulumi destroy");
  const before = readBaseline();
  if (before !== undefined) {
    const now = await listCloud(workspace);
    const left = extra(now, before);
    if (left.length > 0) throw new Error(`Destroyed, but this is left in the cloud:\n${left.map((item) => `  ${item}`).join("\n")}`);
    console.log(`Nothing is left: ${Object.keys(now).length} kinds of resources are listed as they were before.`);
  }
  removeWorkspace(workspace);
}
