import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { type Listing, listCloud } from "../../tools/sandbox/listing";
import { removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { clientOf, userCloud } from "../support/sandbox/cloud";
import { ensureKubernetes, kubeconfigsOf, nodeVersions } from "./support/kubernetes";
import { destroy, makeStack, run, up } from "./support/stack";

const sections = {
  cloud: { release: "2026.1" },
  network: { zones: ["az-1"], cidr: "10.60.0.0/16", external: "public" },
  clusters: {
    site: { drivers: ["magnum-cluster-api"], defaults: { image: "fedora-coreos", flavor: "m1.small" } },
    templates: {
      gpu: { from: "kubernetes/gpu", driver: "k8s_fedora_coreos_v1", floatingIps: true },
      analysis: { from: "kubernetes/analysis", driver: "k8s_fedora_coreos_v1", masterFlavor: "m1.medium" },
      // The same entry by another driver has labels of its own.
      "analysis-api": { from: "kubernetes/analysis", image: "ubuntu-kubernetes", labels: { kube_tag: "v1.32.4" } },
    },
    clusters: {
      gpu: { template: "gpu", nodes: 1 },
      analysis: { template: "analysis", nodes: 2, masters: 3 },
      "analysis-api": { template: "analysis-api", nodes: 1 },
    },
  },
};

const clusterShape = z.object({
  status: z.string(),
  labels: z.record(z.string(), z.string()),
  master_lb_enabled: z.boolean(),
  floating_ip_enabled: z.boolean(),
});

describe("clusters from the catalogue's entries for GPUs and for analyses", () => {
  let stack: Workspace;
  let before: Listing;

  beforeAll(async () => {
    await ensureKubernetes();
    stack = await makeStack("shelf", sections, await userCloud());
    before = await listCloud(stack);
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
  }, 1_800_000);
  afterAll(() => removeWorkspace(stack));

  /** A cluster as Magnum has it. */
  const clusterOf = async (name: string) =>
    (await clientOf()).get("containerInfra", `/clusters/shelf-${name}`, clusterShape);

  it("have room for images of CUDA, and the addresses that their template says", async () => {
    expect(await clusterOf("gpu")).toMatchObject({
      status: "CREATE_COMPLETE",
      labels: { boot_volume_size: "100", kube_tag: "v1.28.9-rancher1" },
      ...{ master_lb_enabled: false, floating_ip_enabled: true },
    });
  });

  it("scale themselves behind a load balancer, with the labels of the driver that makes them", async () => {
    const cluster = await clusterOf("analysis");
    const common = { auto_scaling_enabled: "true", boot_volume_size: "100", etcd_volume_size: "20" };
    expect(cluster).toMatchObject({
      status: "CREATE_COMPLETE",
      labels: { ...common, monitoring_enabled: "true" },
      ...{ master_lb_enabled: true, floating_ip_enabled: false },
    });
    const other = await clusterOf("analysis-api");
    expect(other).toMatchObject({ status: "CREATE_COMPLETE", labels: { ...common, kube_tag: "v1.32.4" } });
    expect(other.labels).not.toHaveProperty("monitoring_enabled");
  });

  it("lead to as many nodes as they have", async () => {
    const kubeconfigs = await kubeconfigsOf(stack);
    const nodes = async (name: string) => nodeVersions(stack, kubeconfigs[name] ?? "");
    expect(await nodes("gpu")).toEqual(["default-master v1.28.9-rancher1", "default-worker v1.28.9-rancher1"]);
    expect(await nodes("analysis")).toEqual([
      ...Array<string>(3).fill("default-master v1.28.9-rancher1"),
      ...Array<string>(2).fill("default-worker v1.28.9-rancher1"),
    ]);
    expect(await nodes("analysis-api")).toEqual(["default-master v1.32.4", "default-worker v1.32.4"]);
  });

  it("are what they were when the stack goes up again, and go down without a trace", async () => {
    const again = await run(stack, "preview", "--expect-no-changes");
    expect(again.exitCode, again.output).toBe(0);
    const { exitCode, output } = await destroy(stack);
    expect(exitCode, output).toBe(0);
    expect(await listCloud(stack)).toEqual(before);
  });
});
