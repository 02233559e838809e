import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "vitest";

import {
  ensureStack,
  openWorkspace,
  pulumi,
  removeWorkspace,
  type Workspace,
} from "../../../tools/workspace/workspace";
import { type Sections, yamlOf } from "./sections";

/** A network in three zones. */
export const NETWORK = { zones: ["az-1", "az-2", "az-3"], cidr: "10.20.0.0/16", external: "public" };

/** Hybrid messaging as small as it gets. */
export const MESSAGING = {
  mode: "hybrid",
  release: "2024.2",
  services: ["nova"],
  broker: { nodes: 1, flavor: "m1.small", image: "debian-12", volumeSize: 1 },
  rpc: { interior: 2, flavor: "m1.small", image: "debian-12" },
};

export const CLUSTERS = {
  templates: { small: { image: "fedora-coreos", flavor: "m1.small", networkDriver: "flannel" } },
  clusters: { trial: { template: "small", nodes: 1 } },
};

/** A router and a cluster's node more. */
export const GROWN = {
  messaging: { ...MESSAGING, rpc: { ...MESSAGING.rpc, interior: 3 } },
  clusters: { ...CLUSTERS, clusters: { trial: { template: "small", nodes: 2 } } },
};

/** Makes a workspace with a stack of its own name; the name is the prefix of everything in the cloud. */
export async function makeStack(stack: string, sections: Sections, cloud: Record<string, string>): Promise<Workspace> {
  const dir = mkdtempSync(join(tmpdir(), `fabric-${stack}-`));
  const workspace = openWorkspace({ dir, stack, config: yamlOf(sections), cloud });
  await ensureStack(workspace);
  return workspace;
}

/** Gives an existing workspace another configuration. */
export function reconfigure(workspace: Workspace, sections: Sections): void {
  openWorkspace({ dir: workspace.dir, stack: workspace.stack, config: yamlOf(sections), cloud: {} });
}

/** What one run of the engine did. */
export interface Run {
  exitCode: number;
  /** Everything that it printed. */
  output: string;
}

export async function run(workspace: Workspace, ...args: string[]): Promise<Run> {
  const result = await pulumi(workspace, args, { all: true });
  return { exitCode: result.exitCode ?? -1, output: String(result.all) };
}

/** `pulumi up` without questions. */
export function up(workspace: Workspace, ...flags: string[]): Promise<Run> {
  return run(workspace, "up", "--yes", "--skip-preview", ...flags);
}

/** `pulumi destroy` without questions. */
export function destroy(workspace: Workspace): Promise<Run> {
  return run(workspace, "destroy", "--yes", "--skip-preview");
}

/** Previews a configuration without a cloud, and expects that it is refused with its reason. */
export async function expectRefused(name: string, sections: Sections, reason: RegExp): Promise<void> {
  const stack = await makeStack(name, sections, {});
  try {
    const { exitCode, output } = await run(stack, "preview");
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(reason);
  } finally {
    removeWorkspace(stack);
  }
}

interface State {
  deployment: {
    resources?: {
      type: string;
      urn: string;
      id?: string;
      outputs?: Record<string, unknown>;
      dependencies?: string[];
    }[];
    pending_operations?: unknown[];
  };
}

export async function stateOf(workspace: Workspace): Promise<State["deployment"]> {
  const { output } = await run(workspace, "stack", "export");
  return (JSON.parse(output) as State).deployment;
}

/** The planned operations of a preview, by resource name: `create`, `update`, `replace`, `delete`. */
export async function plannedOperations(workspace: Workspace): Promise<Record<string, string>> {
  const { output } = await run(workspace, "preview", "--json");
  const { steps } = JSON.parse(output.slice(output.indexOf("{"))) as { steps: { op: string; urn: string }[] };
  const changes = steps.filter((step) => step.op !== "same" && !step.urn.includes("pulumi:pulumi:Stack"));
  return Object.fromEntries(changes.map((step) => [step.urn.split("::").slice(2).join(" "), step.op]));
}
