import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import { CHECKOUT } from "../../tools/workspace/workspace";
import { Magnum, removeKubeconfig } from "../support/magnumCluster";

const name = `test-${process.pid}-kubernetes`;
const folder = join(process.env["FABRIC_SANDBOX_HOME"] ?? join(CHECKOUT, ".sandbox"), name);
const toolchain = join(CHECKOUT, "sandbox/toolchain/toolchain");

const ADMIN = "/O=system:masters/CN=admin";
/** Magnum answers 500 to an upgrade that says no size, as clients always do. */
const BATCH = { max_batch_size: 1 };
const GROUP = "magnum.openstack.org/nodegroup";

const cloudSchema = z.object({
  clouds: z.object({
    sandbox: z.object({
      auth: z.object({ auth_url: z.string(), username: z.string(), password: z.string(), project_name: z.string() }),
    }),
  }),
});

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
      spec: z.object({ taints: z.array(z.object({ key: z.string() })).optional() }),
      status: z.object({
        conditions: z.array(z.object({ type: z.string(), status: z.string() })),
        nodeInfo: z.object({ kubeletVersion: z.string() }),
      }),
    }),
  ),
});

let magnum: Magnum;
let cluster: string;
let admin: string;

const sandbox = (...args: string[]) =>
  execa(join(CHECKOUT, "sandbox/openstack/sandbox"), [...args, "--name", name], { reject: false, all: true });

/** Runs kubectl as whom the kubeconfig is of. */
const kubectl = (config: string, ...args: string[]) =>
  execa(toolchain, ["run", "--", "kubectl", "--kubeconfig", config, ...args], { reject: false, all: true });

async function start(): Promise<void> {
  const result = await sandbox("up");
  expect(result.exitCode, result.all).toBe(0);
  const { auth } = cloudSchema.parse(parse(readFileSync(join(folder, "clouds.yaml"), "utf8"))).clouds.sandbox;
  const login = { authUrl: auth.auth_url, username: auth.username, password: auth.password };
  magnum = await Magnum.connect({ ...login, project: auth.project_name });
}

/** Every node's group, for the nodes that are ready; sorted. */
async function readyNodes(): Promise<string[]> {
  const { items } = nodesSchema.parse(JSON.parse((await kubectl(admin, "get", "nodes", "-o", "json")).stdout));
  return items
    .filter(({ status }) => status.conditions.some(({ type, status: is }) => type === "Ready" && is === "True"))
    .map(({ metadata }) => metadata.labels[GROUP] ?? "none")
    .sort();
}

/** The command lines of the sandbox's processes that belong to a cluster's control plane. */
function controlPlaneProcesses(): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] ?? "";
      return environment.includes(`FABRIC_INSTANCE=${folder}`) && /(etcd|kube-[a-z-]+|kwok)$/.test(command) ? [command] : [];
    } catch {
      return [];
    }
  });
}

/** A template, whose clusters' nodes have a version where one is given. */
const createTemplate = (image_id: string, kube_tag?: string): Promise<string> =>
  magnum.create("/clustertemplates", {
    ...{ name: `kubernetes-${kube_tag ?? "any"}`, coe: "kubernetes", image_id, network_driver: "flannel" },
    ...{ external_network_id: "public", flavor_id: "m1.small", master_flavor_id: "m1.small" },
    labels: kube_tag === undefined ? {} : { kube_tag },
  });

/** The groups that have nodes of a version. */
async function groupsOf(version: string): Promise<Set<string>> {
  const { items } = nodesSchema.parse(JSON.parse((await kubectl(admin, "get", "nodes", "-o", "json")).stdout));
  const found = items.filter(({ status }) => status.nodeInfo.kubeletVersion === version);
  return new Set(found.map(({ metadata }) => metadata.labels[GROUP] ?? "none"));
}

/** The groups that an upgrade has not done with; those that it has are added to an order of them. */
async function waiting(order: string[]): Promise<Set<string>> {
  const old = await groupsOf("v1.31.1");
  for (const group of await groupsOf("v1.32.4")) if (!old.has(group) && !order.includes(group)) order.push(group);
  return old;
}

async function killEverything(): Promise<void> {
  const plane = JSON.parse(readFileSync(join(folder, "plane.json"), "utf8")) as Record<string, { pid: number }>;
  for (const { pid } of Object.values(plane)) process.kill(pid, "SIGKILL");
  await expect.poll(controlPlaneProcesses, { timeout: 20_000 }).toEqual([]);
}

describe("a Magnum cluster's Kubernetes in the sandbox", () => {
  beforeAll(async () => {
    const built = await execa(toolchain, ["ensure", "kubernetes", "kwok", "etcd"], { reject: false, all: true });
    expect(built.exitCode, built.all).toBe(0);
    await start();
    const cluster_template_id = await createTemplate("fedora-coreos");
    cluster = await magnum.create("/clusters", { name: "one", cluster_template_id, master_count: 1, node_count: 1 });
    await magnum.settled(cluster);
    admin = await magnum.kubeconfig(cluster, ADMIN);
  }, 1_800_000);

  afterAll(async () => {
    if (admin) removeKubeconfig(admin);
    await sandbox("down", "--delete");
  });

  it("has a ready node for each server as soon as Magnum says that it is complete", async () => {
    expect(await readyNodes()).toEqual(["default-master", "default-worker"]);
  });

  it("runs a pod on the worker, and none on the master", async () => {
    const pod = { metadata: { name: "pod" }, spec: { containers: [{ name: "one", image: "none" }] } };
    await execa(toolchain, ["run", "--", "kubectl", "--kubeconfig", admin, "create", "-f", "-"], {
      input: JSON.stringify({ apiVersion: "v1", kind: "Pod", ...pod }),
    });
    const waited = await kubectl(admin, "wait", "pod/pod", "--for=jsonpath={.status.phase}=Running", "--timeout=60s");
    expect(waited.exitCode, waited.all).toBe(0);
    const { stdout } = await kubectl(admin, "get", "pod/pod", "-o", "jsonpath={.spec.nodeName}");
    expect(stdout).toMatch(/^one-.*-node-0$/);
  });

  it("refuses somebody whose certificate says another organisation", async () => {
    const other = await magnum.kubeconfig(cluster, "/O=guests/CN=guest");
    const refused = await kubectl(other, "get", "nodes");
    removeKubeconfig(other);
    expect(refused.exitCode).toBe(1);
    expect(refused.all).toContain('User "guest" cannot list resource "nodes"');
  });

  it("becomes healthy for Magnum", async () => {
    const health = async () => (await magnum.cluster(cluster))?.health_status;
    await expect.poll(health, { timeout: 60_000, interval: 1_000 }).toBe("HEALTHY");
  });

  it("is not upgraded where its image is Magnum's own driver's, and stays as it is", async () => {
    const asked = { ...BATCH, cluster_template: (await magnum.cluster(cluster))?.cluster_template_id };
    await expect(magnum.request("POST", `/clusters/${cluster}/actions/upgrade`, asked)).rejects.toThrow(
      /400 .*Upgrading a cluster that uses the Magnum Heat driver is not supported/,
    );
    expect((await magnum.cluster(cluster))?.status).toBe("CREATE_COMPLETE");
  });

  it("follows a resize and a node group", async () => {
    await magnum.change(cluster, "POST", `/clusters/${cluster}/actions/resize`, { node_count: 3 });
    const workers = Array<string>(3).fill("default-worker");
    expect(await readyNodes()).toEqual(["default-master", ...workers]);
    const batch = { name: "batch", node_count: 2, flavor_id: "m1.medium" };
    await magnum.change(cluster, "POST", `/clusters/${cluster}/nodegroups`, batch);
    expect(await readyNodes()).toEqual(["batch", "batch", "default-master", ...workers]);
    await magnum.change(cluster, "DELETE", `/clusters/${cluster}/nodegroups/batch`);
    expect(await readyNodes()).toEqual(["default-master", ...workers]);
  });

  it("comes back with its data at its address after everything was killed", async () => {
    await killEverything();
    await start();
    await expect.poll(async () => (await kubectl(admin, "get", "pod/pod")).exitCode, { timeout: 60_000 }).toBe(0);
    expect(await readyNodes()).toHaveLength(4);
  });

  it("serves with another certificate authority once Magnum has rotated it", async () => {
    await magnum.change(cluster, "PATCH", `/certificates/${cluster}`);
    expect((await kubectl(admin, "get", "nodes")).exitCode).toBe(1);
    removeKubeconfig(admin);
    admin = await magnum.kubeconfig(cluster, ADMIN);
    expect(await readyNodes()).toHaveLength(4);
  });

  it("leaves no process and no file once the cluster is deleted", async () => {
    expect(controlPlaneProcesses()).toHaveLength(5);
    await magnum.change(cluster, "DELETE", `/clusters/${cluster}`);
    expect(controlPlaneProcesses()).toEqual([]);
    expect(existsSync(join(folder, "var/kubernetes", cluster))).toBe(false);
  });

  it("upgrades clusters of the image for it in place, one group after the other", async () => {
    const [from, to] = [await createTemplate("ubuntu-kubernetes", "v1.31.1"), await createTemplate("ubuntu-kubernetes", "v1.32.4")];
    cluster = await magnum.create("/clusters", { name: "two", cluster_template_id: from, master_count: 1, node_count: 2 });
    await magnum.settled(cluster);
    removeKubeconfig(admin);
    admin = await magnum.kubeconfig(cluster, ADMIN);
    await magnum.change(cluster, "POST", `/clusters/${cluster}/nodegroups`, { name: "batch", node_count: 2 });
    const groups = ["default-master", "default-worker", "batch"];
    expect(await groupsOf("v1.31.1")).toEqual(new Set(groups));

    const upgraded = magnum.change(cluster, "POST", `/clusters/${cluster}/actions/upgrade`, { ...BATCH, cluster_template: to });
    const order: string[] = [];
    await expect.poll(() => waiting(order), { timeout: 120_000, interval: 100 }).toEqual(new Set());
    expect((await upgraded)?.status).toBe("UPDATE_COMPLETE");
    expect(order).toEqual(groups);
    expect(await magnum.cluster(cluster)).toMatchObject({ cluster_template_id: to, coe_version: "v1.32.4" });
    await magnum.change(cluster, "DELETE", `/clusters/${cluster}`);
  });
});
