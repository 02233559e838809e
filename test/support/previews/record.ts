// Records what the real engine plans for every scenario, on an OpenStack of its own: `node dist/test/support/previews/record.js`.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import {
  CHECKOUT,
  ensureStack,
  failOn,
  openWorkspace,
  pulumi,
  removeWorkspace,
  type Workspace,
} from "../../../tools/workspace/workspace";
import { type Sections, yamlOf } from "../../e2e/support/sections";
import { clientOf, endCloud, userCloud } from "../sandbox/cloud";
import { compact } from "./compact";
import { BASE, SCENARIOS } from "./scenarios";

const FOLDER = join(CHECKOUT, "test/fixtures/previews");

/** Stands for a password that an operator gave; reports must not have it. */
export const SEEDED = "seeded-password-of-the-broker";

const EXTERNAL = {
  cloud: BASE.cloud,
  network: BASE.network,
  messaging: {
    mode: "vanilla",
    services: ["cinder"],
    broker: { external: { endpoints: ["rabbit.example.org:5671"], users: { cinder: "" } } },
  },
};

async function open(stack: string, sections: Sections, cloud: Record<string, string>): Promise<Workspace> {
  const dir = mkdtempSync(join(tmpdir(), "fabric-record-"));
  const workspace = openWorkspace({ dir, stack, config: yamlOf(sections), cloud });
  await ensureStack(workspace);
  return workspace;
}

function configure({ dir, stack }: Workspace, sections: Sections): void {
  openWorkspace({ dir, stack, config: yamlOf(sections), cloud: {} });
}

async function record(workspace: Workspace, name: string, args: readonly string[] = ["preview"]): Promise<void> {
  const result = await pulumi(workspace, [...args, "--json"]);
  if (result.exitCode !== 0) {
    console.error(`${name}: NOT recorded\n${String(result.stdout)}\n${String(result.stderr)}`.slice(0, 4000));
    process.exitCode = 1;
    return;
  }
  const text = compact(String(result.stdout));
  writeFileSync(join(FOLDER, `${name}.json`), text);
  console.log(`${name}: ${(text.length / 1024).toFixed(0)} KiB`);
}

async function recordScenarios(workspace: Workspace): Promise<void> {
  for (const [name, sections] of Object.entries(SCENARIOS)) {
    const given = Object.entries(sections).filter(([, section]) => section !== undefined);
    configure(workspace, Object.fromEntries(given));
    await record(workspace, name);
  }
  configure(workspace, BASE);
}

async function recordLostServer(workspace: Workspace): Promise<void> {
  const client = await clientOf();
  const shape = z.object({ servers: z.array(z.object({ id: z.string() })) });
  const { servers } = await client.get("compute", "/servers/detail?name=rec-broker-02", shape);
  await client.send("DELETE", "compute", `/servers/${servers[0]?.id ?? ""}`);
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  await record(workspace, "server-lost", ["preview", "--refresh"]);
}

async function recordNew(name: string, sections: Sections, cloud: Record<string, string>): Promise<void> {
  const workspace = await open("rec-new", sections, cloud);
  const path = "openstack-fabric:messaging.broker.external.users.cinder";
  if (sections === EXTERNAL)
    failOn(await pulumi(workspace, ["config", "set", "--secret", "--path", path, SEEDED]), path);
  await record(workspace, name);
  removeWorkspace(workspace);
}

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const cloud = await userCloud();
  const workspace = await open("rec", BASE, cloud);
  try {
    await recordNew("stack-new", BASE, cloud);
    await recordNew("stack-new-external-broker", EXTERNAL, cloud);
    failOn(await pulumi(workspace, ["up", "--yes", "--skip-preview"]), "pulumi up");
    await recordScenarios(workspace);
    await recordLostServer(workspace);
    await record(workspace, "stack-destroyed", ["destroy", "--preview-only"]);
  } finally {
    await pulumi(workspace, ["destroy", "--yes", "--skip-preview"]);
    removeWorkspace(workspace);
    await endCloud();
  }
}

void main();
