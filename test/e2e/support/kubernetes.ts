import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";
import { expect } from "vitest";

import { CHECKOUT, type Workspace } from "../../../tools/workspace/workspace";
import { run } from "./stack";

const TOOLCHAIN = join(CHECKOUT, "sandbox/toolchain/toolchain");

/** Builds what the sandbox's clusters need for a Kubernetes of their own. */
export async function ensureKubernetes(): Promise<void> {
  const built = await execa(TOOLCHAIN, ["ensure", "kubernetes", "kwok", "etcd"], { reject: false, all: true });
  expect(built.exitCode, built.all).toBe(0);
}

/** The administrators' kubeconfigs among a stack's outputs, by cluster. */
export async function kubeconfigsOf(stack: Workspace): Promise<Record<string, string>> {
  const { output } = await run(stack, "stack", "output", "--json", "--show-secrets");
  return (JSON.parse(output) as { clusters: { kubeconfigs: Record<string, string> } }).clusters.kubeconfigs;
}

/** Kubernetes versions of a cluster's nodes by their groups, as `kubectl get nodes` says them. */
export async function nodeVersions(stack: Workspace, kubeconfig: string): Promise<string[]> {
  const file = join(stack.dir, "kubeconfig");
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  const group = String.raw`{.metadata.labels.magnum\.openstack\.org/nodegroup}`;
  const column = `{range .items[*]}${group} {.status.nodeInfo.kubeletVersion}{"\\n"}{end}`;
  const args = ["run", "--", "kubectl", "--kubeconfig", file, "get", "nodes", "-o", `jsonpath=${column}`];
  const { all } = await execa(TOOLCHAIN, args, { reject: false, all: true });
  return all
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}
