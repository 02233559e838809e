import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Command } from "commander";
import { z } from "zod";

import { sandboxCommand, sandboxEnv } from "../../../tools/sandbox/openstack";
import { connectCloud } from "../../../tools/workspace/cloud";
import {
  ensureStack,
  failOn,
  openWorkspace,
  pulumi,
  removeWorkspace,
  type Workspace,
} from "../../../tools/workspace/workspace";
import { type Sections, yamlOf } from "../../e2e/support/sections";
import { compactPreview } from "./compact";
import { FOLDER } from "./recordings";
import { BASE, type Scenario, SCENARIOS } from "./scenarios";

const SANDBOX = "recorded-previews";
const STACK = "rec";

const serverShape = z.object({ servers: z.array(z.object({ id: z.string() })) });

function open(dir: string, stack: string, sections: Sections, cloud: Record<string, string>): Workspace {
  return openWorkspace({ dir, stack, config: yamlOf(sections), cloud });
}

/** Deletes a server in the cloud, and waits until it is gone. */
async function deleteServer(workspace: Workspace, name: string): Promise<void> {
  const client = await connectCloud(workspace);
  const servers = async () => (await client.get("compute", `/servers/detail?name=${name}`, serverShape)).servers;
  for (const { id } of await servers()) await client.send("DELETE", "compute", `/servers/${id}`);
  while ((await servers()).length > 0) await sleep(1_000);
}

/** Previews one change by the real engine; gives what the engine printed. */
async function preview(recorded: Workspace, scenario: Scenario, cloud: Record<string, string>): Promise<string> {
  const { sections, secrets = {}, flags, command = "preview", deletes, stack, streamed = false } = scenario;
  const dir = stack === undefined ? recorded.dir : mkdtempSync(join(tmpdir(), `fabric-${stack}-`));
  const workspace = open(dir, stack ?? recorded.stack, sections, cloud);
  await ensureStack(workspace);
  for (const [path, value] of Object.entries(secrets)) {
    // By standard input: the key of an authority begins like a flag.
    const set = await pulumi(workspace, ["config", "set", "--secret", "--path", path], { input: value });
    failOn(set, "pulumi config set");
  }
  if (deletes !== undefined) await deleteServer(workspace, deletes);
  const urnOf = (resource: string) => `urn:pulumi:${workspace.stack}::openstack-fabric::**${resource}`;
  const kind = command === "destroy" ? ["destroy", "--preview-only"] : ["preview"];
  const env = { ...workspace.env, ...(streamed && { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" }) };
  const result = await pulumi({ ...workspace, env }, [...kind, "--json", ...(flags?.(urnOf) ?? [])]);
  if (stack !== undefined) removeWorkspace(workspace);
  failOn(result, `preview of ${scenario.name}`);
  return String(result.stdout);
}

async function record(names: string[], options: { raw?: string }): Promise<void> {
  await sandboxCommand(SANDBOX, "up", "--fresh");
  const cloud = await sandboxEnv(SANDBOX);
  const dir = mkdtempSync(join(tmpdir(), `fabric-${STACK}-`));
  const stack = open(dir, STACK, BASE, cloud);
  try {
    await ensureStack(stack);
    failOn(await pulumi(stack, ["up", "--yes", "--skip-preview"]), "pulumi up");
    mkdirSync(FOLDER, { recursive: true });
    for (const scenario of SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      try {
        const text = await preview(stack, scenario, cloud);
        if (options.raw !== undefined) writeFileSync(join(options.raw, `${scenario.name}.json`), text);
        writeFileSync(join(FOLDER, `${scenario.name}.json`), compactPreview(text));
        console.log(`recorded ${scenario.name}`);
      } catch (error) {
        console.error(`${scenario.name}: ${error instanceof Error ? error.message : String(error)}`);
        process.exitCode = 1;
      }
    }
  } finally {
    removeWorkspace(stack);
    await sandboxCommand(SANDBOX, "down", "--delete");
  }
}

if (require.main === module) {
  void new Command("record")
    .description("Records previews of changes to a real stack on an embedded OpenStack, by the real engine.")
    .argument("[names...]", "scenarios (default: all)")
    .option("--raw <folder>", "keep what the engine printed there, too")
    .action(record)
    .parseAsync();
}
