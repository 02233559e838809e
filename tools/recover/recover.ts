import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import type { CloudClient } from "../../components/cloud/client";
import { engineOptions, failOn, pulumi, type Workspace } from "../workspace/workspace";
import { removeStaleLocks, removeTornFiles } from "./files";
import { FINDERS, type Leftover } from "./finders";
import { endOrphans } from "./orphans";

const resourceSchema = z.looseObject({
  type: z.string(),
  urn: z.string(),
  id: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
});
const stateSchema = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(resourceSchema).default([]),
    pending_operations: z.array(z.looseObject({ type: z.string(), resource: resourceSchema })).nullish(),
  }),
});
type State = z.output<typeof stateSchema>;

export interface Recovery {
  locks: number;
  /** Interrupted operations that the state had noted: `creating openstack:…:Port name`. */
  pending: string[];
  /** What they had created, and what was removed again. */
  removed: string[];
}

/** How long a removed server, volume or cluster may take to go, in seconds. */
const REMOVAL_TIMEOUT_S = 900;

/** How long a cloud may take until what a killed process asked for last can be seen, in seconds. */
const SETTLE_S = 15;

/**
 * Brings a stack back after its update was killed: removes the dead engine's lock, removes what was being created
 * and is in no state, and reads the rest anew. Nothing that the state knows is touched.
 */
export async function recover(workspace: Workspace, connectCloud: () => Promise<CloudClient>): Promise<Recovery> {
  const backend = workspace.env["PULUMI_BACKEND_URL"] ?? "";
  const locks = removeStaleLocks(backend, workspace.stack);
  if (locks.count > 0) {
    await endOrphans(backend);
    removeTornFiles(backend);
  }
  const state = await exportState(workspace);
  const pending = state.deployment.pending_operations ?? [];
  const recovery: Recovery = {
    locks: locks.count,
    pending: pending.map((op) => `${op.type} ${nameOf(op.resource.urn)}`),
    removed: [],
  };
  if (pending.length === 0) return recovery;
  const client = await connectCloud();
  // A killed plugin's last request may still be on its way through the cloud: what is not there yet is looked for again.
  const settled = Date.now() + (locks.count > 0 ? SETTLE_S * 1000 : 0);
  const known = new Set(state.deployment.resources.map((resource) => resource.id));
  for (const { type, resource } of pending) {
    if (type !== "creating") continue;
    const look = async () => {
      const found = (await FINDERS[resource.type]?.(client, resource.inputs, locks.since)) ?? [];
      return found.filter(({ id }) => !known.has(id));
    };
    for (const leftover of await foundBy(look, settled)) {
      await remove(client, leftover);
      recovery.removed.push(`${nameOf(resource.urn)} (${leftover.id})`);
    }
  }
  await importState(workspace, { ...state, deployment: { ...state.deployment, pending_operations: undefined } });
  failOn(await pulumi(workspace, ["refresh", "--yes", "--skip-preview"], { env: workspace.env }), "pulumi refresh");
  return recovery;
}

async function foundBy(look: () => Promise<Leftover[]>, deadline: number): Promise<Leftover[]> {
  for (;;) {
    const found = await look();
    if (found.length > 0 || Date.now() > deadline) return found;
    await sleep(1000);
  }
}

async function remove(client: CloudClient, leftover: Leftover): Promise<void> {
  if (leftover.put !== undefined) {
    await client.send("PUT", leftover.service, leftover.path, leftover.put);
    return;
  }
  await built(client, leftover);
  // Asked again until it is gone: servers, volumes and clusters take their time, and some are busy at first.
  const deadline = Date.now() + REMOVAL_TIMEOUT_S * 1000;
  for (;;) {
    const status = await client
      .send("DELETE", leftover.service, leftover.path)
      .catch((error: unknown) => error as Error);
    if (status === 404) return;
    if (Date.now() > deadline)
      throw new Error(`${leftover.path} is still there after ${REMOVAL_TIMEOUT_S} s: ${String(status)}`);
    await sleep(1000);
  }
}

async function exportState(workspace: Workspace): Promise<State> {
  const result = await pulumi(workspace, ["stack", "export"]);
  failOn(result, "pulumi stack export");
  return stateSchema.parse(JSON.parse(String(result.stdout)));
}

async function importState(workspace: Workspace, state: State): Promise<void> {
  const options = engineOptions(workspace, { input: JSON.stringify(state) });
  failOn(await pulumi(workspace, ["stack", "import"], options), "pulumi stack import");
}

function nameOf(urn: string): string {
  return urn.split("::").slice(2).join(" ").split("$").at(-1) ?? urn;
}

/** Waits for a server that is being built: removed before its volume is attached, it would leave the volume reserved. */
async function built(client: CloudClient, { service, path }: Leftover): Promise<void> {
  if (service !== "compute" || !path.startsWith("/servers/")) return;
  const shape = z.object({ server: z.object({ status: z.string() }) });
  const deadline = Date.now() + REMOVAL_TIMEOUT_S * 1000;
  // One that goes meanwhile is not building any more.
  const building = async () => (await client.find(service, path, shape))?.server.status === "BUILD";
  while (Date.now() < deadline && (await building())) await sleep(500);
}
