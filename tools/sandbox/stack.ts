import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { CHECKOUT, openWorkspace, type Workspace } from "../workspace/workspace";
import type { Listing } from "./listing";
import { sandboxEnv } from "./openstack";

/** The stack that `make up` deploys, and the embedded OpenStack that it is deployed to. */
export const STACK = "sandbox";
export const SANDBOX_NAME = "default";

/** Folder of the stack's state beside the sandboxes, out of the tracked files. */
const DIR = join(CHECKOUT, ".stacks", STACK);
const BASELINE = join(DIR, "baseline.json");

export async function sandboxWorkspace(): Promise<Workspace> {
  return openWorkspace({ dir: DIR, stack: STACK, cloud: await sandboxEnv(SANDBOX_NAME) });
}

/** Whether the stack has a state, and so perhaps resources. */
export function hasStack(): boolean {
  return existsSync(join(DIR, "state", ".pulumi", "stacks"));
}

/** What the cloud had before the stack's first update; kept until the stack is gone. */
export function readBaseline(): Listing | undefined {
  return existsSync(BASELINE) ? (JSON.parse(readFileSync(BASELINE, "utf8")) as Listing) : undefined;
}

export function writeBaseline(listing: Listing): void {
  writeFileSync(BASELINE, JSON.stringify(listing, undefined, 2), { mode: 0o600 });
}

export const TOPOLOGY_FILE = join(DIR, "topology.svg");
