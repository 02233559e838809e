import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { type Listing, listCloud } from "../../tools/sandbox/listing";
import { CHECKOUT, removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { kubernetesPlugin } from "../support/kubernetes/testPlugin";
import { eventually } from "../support/members";
import { clientOf, userCloud } from "../support/sandbox/cloud";
import { destroy, expectRefused, makeStack, plannedOperations, reconfigure, run, stateOf, up } from "./support/stack";

const toolchain = join(CHECKOUT, "sandbox/toolchain/toolchain");

const NODES = { image: "fedora-coreos", flavor: "m1.small" };
const LAB = {
  template: "small",
  nodes: 1,
  labels: { max_node_count: 2 },
  nodeGroups: { big: { nodes: 1, minNodes: 1, maxNodes: 2, flavor: "m1.medium" }, gpu: { nodes: 1, role: "gpu" } },
  users: { ana: { clusterRole: "view" } },
};

const sections = (lab: object = {}, template: object = {}) => ({
  cloud: { release: "2026.1" },
  network: { zones: ["az-1"], cidr: "10.30.0.0/16", external: "public" },
  clusters: {
    templates: {
      small: { from: "kubernetes/small", ...NODES, ...template },
      ha: { from: "kubernetes/ha", ...NODES },
    },
    clusters: { lab: { ...LAB, ...lab }, many: { template: "ha", masters: 3, nodes: 1 } },
  },
});

interface Outputs {
  clusters: { kubeconfigs: Record<string, string>; userKubeconfigs: Record<string, Record<string, string>> };
}

/** The resources that a preview would touch, by the operation. */
async function operationsOf(stack: Workspace): Promise<Record<string, string[]>> {
  const operations: Record<string, string[]> = {};
  for (const [name, operation] of Object.entries(await plannedOperations(stack))) {
    (operations[operation] ??= []).push(name.split(" ").at(-1) ?? "");
  }
  return operations;
}

describe("clusters of a stack, with a Kubernetes behind them", () => {
  let stack: Workspace;
  let before: Listing;
  let outputs: Outputs;

  beforeAll(async () => {
    const built = await execa(toolchain, ["ensure", "kubernetes", "kwok", "etcd"], { reject: false, all: true });
    expect(built.exitCode, built.all).toBe(0);
    stack = await makeStack("kube", sections(), { ...(await userCloud()), ...(await kubernetesPlugin()) });
    before = await listCloud(stack);
  }, 1_800_000);
  afterAll(() => removeWorkspace(stack));

  async function readOutputs(): Promise<void> {
    outputs = JSON.parse((await run(stack, "stack", "output", "--json", "--show-secrets")).output) as Outputs;
  }

  /** Runs kubectl as the administrator, or as a user. */
  async function kubectl(kubeconfig: string, ...args: string[]): Promise<string> {
    const file = join(stack.dir, "kubeconfig");
    writeFileSync(file, kubeconfig, { mode: 0o600 });
    const command = ["run", "--", "kubectl", "--kubeconfig", file, ...args];
    const result = await execa(toolchain, command, { reject: false, all: true });
    return result.all;
  }

  /** Which one a user's binding is: another after it was replaced. */
  const bindingOf = (kubeconfig = "") =>
    kubectl(kubeconfig, "get", "clusterrolebinding", "ana-view", "-o", "jsonpath={.metadata.uid}");

  /** The groups of the nodes that are ready. */
  async function readyGroups(cluster = "lab"): Promise<string[]> {
    const column = String.raw`{range .items[*]}{.metadata.labels.magnum\.openstack\.org/nodegroup}={.status.conditions[?(@.type=="Ready")].status}{"\n"}{end}`;
    const lines = (
      await kubectl(outputs.clusters.kubeconfigs[cluster] ?? "", "get", "nodes", "-o", `jsonpath=${column}`)
    ).split("\n");
    return lines.flatMap((line) => (line.endsWith("=True") ? [line.replace("=True", "")] : [])).sort();
  }

  it("goes up with two node groups, and its kubeconfig leads to as many ready nodes", async () => {
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    await readOutputs();
    expect(await readyGroups()).toEqual(["big", "default-master", "default-worker", "gpu"]);
    expect(await readyGroups("many")).toEqual([...Array<string>(3).fill("default-master"), "default-worker"]);
  });

  it("gives a user what its role allows, and nothing else", async () => {
    const ana = outputs.clusters.userKubeconfigs["lab"]?.["ana"] ?? "";
    expect(await kubectl(ana, "auth", "can-i", "list", "pods")).toMatch(/^yes/m);
    expect(await kubectl(ana, "auth", "can-i", "create", "pods")).toMatch(/^no/m);
    expect(await kubectl(ana, "auth", "can-i", "list", "secrets")).toMatch(/^no/m);
  });

  it("keeps every key out of what is shown", async () => {
    const key = /client-key-data: (\S+)/.exec(outputs.clusters.kubeconfigs["lab"] ?? "")?.[1] ?? "";
    const pem = Buffer.from(key, "base64").toString().split("\n")[1] ?? "";
    expect(pem.length).toBeGreaterThan(60);
    const state = JSON.stringify(await stateOf(stack));
    for (const text of [state, (await run(stack, "stack", "output", "--json")).output]) {
      expect(text).not.toContain(key.slice(0, 60));
      expect(text).not.toContain(pem);
    }
  });

  it("resizes a cluster and its groups in place, and the nodes follow", async () => {
    const nodeGroups = {
      ...LAB.nodeGroups,
      big: { ...LAB.nodeGroups.big, maxNodes: 4 },
      gpu: { nodes: 2, role: "gpu" },
    };
    reconfigure(stack, sections({ nodes: 2, nodeGroups }));
    expect(await operationsOf(stack)).toEqual({ update: ["cluster-lab", "cluster-lab-big", "cluster-lab-gpu"] });
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    // Magnum counts servers; on a busy machine a node is ready a little later.
    await eventually(readyGroups, (groups) => groups.length === 6);
    expect(await readyGroups()).toEqual(["big", "default-master", "default-worker", "default-worker", "gpu", "gpu"]);
    reconfigure(stack, sections({ nodes: 2, nodeGroups, labels: { max_node_count: 4 } }));
    const preview = (await run(stack, "preview")).output;
    expect(preview).toMatch(
      /clusters\.clusters\.lab will be REPLACED.*`labels\.max_node_count` 2 → 4.*nodeGroups\.<group>\.maxNodes/s,
    );
    expect((await operationsOf(stack))["replace"] ?? []).toContain("cluster-lab");
  });

  it("gives its template another version without touching the cluster, and keeps the one that it uses", async () => {
    const nodeGroups = {
      ...LAB.nodeGroups,
      big: { ...LAB.nodeGroups.big, maxNodes: 4 },
      gpu: { nodes: 2, role: "gpu" },
    };
    reconfigure(stack, sections({ nodes: 2, nodeGroups }, { dockerVolumeSize: 12 }));
    const planned = await operationsOf(stack);
    expect(Object.keys(planned)).toEqual(["create"]);
    expect(planned["create"]).toHaveLength(1);
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/clusters\.clusters\.lab stays on template kube-small-[0-9a-f]{8}; new clusters take/);
    const again = await up(stack, "--expect-no-changes");
    expect(again.exitCode, again.output).toBe(0);
    const templates = (await stateOf(stack)).resources?.filter(
      ({ type }) => type.endsWith(":ClusterTemplate") && type.startsWith("openstack:"),
    );
    expect(templates).toHaveLength(3);
  });

  it("mints credentials anew by the first update after the cluster's authority was rotated, and keeps what was made", async () => {
    const client = await clientOf();
    const shape = z.object({ clusters: z.array(z.object({ uuid: z.string(), name: z.string() })) });
    const { clusters } = await client.get("containerInfra", "/clusters", shape);
    const uuid = clusters.find(({ name }) => name === "kube-lab")?.uuid ?? "";
    const binding = await bindingOf(outputs.clusters.kubeconfigs["lab"]);
    expect(binding).toMatch(/^[0-9a-f-]{36}$/);
    await client.send("PATCH", "containerInfra", `/certificates/${uuid}`);
    const old = outputs.clusters.kubeconfigs["lab"] ?? "";
    await expect
      .poll(() => kubectl(old, "get", "nodes"), { timeout: 120_000, interval: 2_000 })
      .toMatch(/certificate|credentials|Unauthorized/);
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    await readOutputs();
    expect(await readyGroups()).toContain("default-worker");
    expect(await bindingOf(outputs.clusters.kubeconfigs["lab"])).toBe(binding);
    const ana = outputs.clusters.userKubeconfigs["lab"]?.["ana"] ?? "";
    expect(await kubectl(ana, "auth", "can-i", "list", "pods")).toMatch(/^yes/m);
  });

  it("goes down without a trace", async () => {
    const { exitCode, output } = await destroy(stack);
    expect(exitCode, output).toBe(0);
    expect(await listCloud(stack)).toEqual(before);
  });
});

describe("an engine that the release lost is refused at preview, with its reason", () => {
  it.each([
    ["swarm-mode", /"swarm-mode" cannot be created by Magnum of 2026\.1; the last release that had it is 2023\.2/],
    ["mesos", /"mesos" cannot be created by Magnum of 2026\.1; the last release that had it is xena/],
  ])("%s", async (engine, reason) => {
    await expectRefused("lost", sections({}, { engine, from: undefined }), reason);
  });
});
