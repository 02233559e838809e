import { writeFileSync } from "node:fs";

import { configSource, readSections } from "../../stacks/config/file";
import { parseConfig } from "../../stacks/config/parse";
import { planStack } from "../../stacks/plan";
import { recover } from "../recover/recover";
import { drawTopology } from "../topology/draw";
import { connectCloud } from "../workspace/cloud";
import { CHECKOUT, ensureStack, failOn, pulumi, type Workspace } from "../workspace/workspace";
import { listCloud } from "./listing";
import { sandboxCommand } from "./openstack";
import { hasStack, readBaseline, SANDBOX_NAME, sandboxWorkspace, STACK, TOPOLOGY_FILE, writeBaseline } from "./stack";
import { formatOutputs, summarizeState } from "./summary";

/** Starts the embedded OpenStack, deploys the stack and says what is there. Run again, it repairs what was cut off. */
export async function up(): Promise<void> {
  const started = Date.now();
  await sandboxCommand(SANDBOX_NAME, "up");
  const workspace = await sandboxWorkspace();
  if (hasStack()) await recoverStack(workspace);
  if (readBaseline() === undefined) writeBaseline(await listCloud(workspace));
  await ensureStack(workspace);
  const deployed = await pulumi(workspace, ["up", "--yes", "--skip-preview", "--suppress-outputs"], { stdio: "inherit" });
  failOn(deployed, "pulumi up");
  await drawStack();
  await report(workspace, Math.round((Date.now() - started) / 1000));
}

async function recoverStack(workspace: Workspace): Promise<void> {
  const found = await recover(workspace, () => connectCloud(workspace));
  if (found.locks > 0) console.log(`An update was killed: removed ${found.locks} lock(s) that it left.`);
  for (const operation of found.pending) console.log(`  was interrupted: ${operation}`);
  for (const resource of found.removed) console.log(`  removed, to be created anew: ${resource}`);
}

async function drawStack(): Promise<void> {
  const config = parseConfig(readSections(CHECKOUT, STACK), configSource(CHECKOUT, STACK));
  writeFileSync(TOPOLOGY_FILE, await drawTopology(config, planStack(config, STACK), STACK));
}

async function report(workspace: Workspace, seconds: number): Promise<void> {
  const [state, outputs] = await Promise.all([pulumi(workspace, ["stack", "export"]), pulumi(workspace, ["stack", "output", "--json"])]);
  const lines = [
    "",
    `Up in ${seconds} s. Stack "${STACK}" has ${summarizeState(JSON.parse(String(state.stdout)))}.`,
    "",
    "Outputs (secrets are masked; `pulumi -C .stacks/sandbox stack output --show-secrets` shows them):",
    ...formatOutputs(JSON.parse(String(outputs.stdout))),
    "",
    `Picture of the topology: ${TOPOLOGY_FILE}`,
    'Next: eval "$(make -s env)", then `pulumi -C .stacks/sandbox …` or `openstack …`; `make down` takes everything away.',
  ];
  console.log(lines.join("\n"));
}
