import { describe, expect, it } from "vitest";

import { checkNodeGroup } from "../../components/clusters/nodeGroupPlan";
import { describeReplacements, type ExistingCluster, findReplacements } from "../../components/clusters/replacements";
import { planUpgrade, requireOneStep, type UpgradeRequest } from "../../components/clusters/upgrade";

const existing: ExistingCluster = {
  name: "prod-analysis",
  templateName: "prod-small-0a1b2c3d",
  status: "CREATE_COMPLETE",
  masters: 3,
  labels: { kube_tag: "v1.31.1", max_node_count: "2" },
  ownLabels: ["max_node_count"],
};

describe("what would replace a cluster", () => {
  it("is a changed label, named with its old and its new value and the way around", () => {
    const found = findReplacements(existing, { masters: 3, labels: { max_node_count: "4" } });
    expect(found).toHaveLength(1);
    const text = describeReplacements("analysis", found);
    expect(text).toContain("`labels.max_node_count` 2 → 4");
    expect(text).toContain("`nodeGroups.<group>.maxNodes`");
    expect(text).toContain("REPLACED");
  });

  it("is a label of the cluster's own that is taken away, but not one of the template's", () => {
    const found = findReplacements(existing, { masters: 3, labels: {} });
    expect(found.map(({ field, to }) => [field, to])).toEqual([["labels.max_node_count", "the template's value"]]);
  });

  it("is another number of masters, another key pair and another network", () => {
    const planned = { masters: 5, keyPair: "new", fixedNetwork: "n2", labels: { max_node_count: "2" } };
    expect(findReplacements(existing, planned).map(({ field }) => field)).toEqual([
      "masters",
      "keyPair",
      "fixedNetwork",
    ]);
  });

  it("is nothing where all is as it was", () => {
    expect(findReplacements(existing, { masters: 3, labels: { max_node_count: "2" } })).toEqual([]);
  });
});

describe("an upgrade of a cluster", () => {
  const request = (from: string, to: string, more: Partial<UpgradeRequest> = {}): UpgradeRequest => ({
    key: "analysis",
    status: "CREATE_COMPLETE",
    from,
    to,
    inPlace: true,
    ...more,
  });

  it("goes through every minor, and takes one in an update", () => {
    const asked = request("v1.28.9-rancher1", "v1.31.2");
    const plan = planUpgrade(asked);
    expect(plan).toMatchObject({ kind: "in-place", steps: ["1.29", "1.30", "1.31"] });
    expect(() => requireOneStep(plan, asked)).toThrow(/skips no minor version.*1\.29 first.*1\.29, 1\.30, 1\.31/);
  });

  it("takes a patch and the next minor at once", () => {
    for (const to of ["v1.28.10", "v1.29.0"]) {
      const asked = request("v1.28.9", to);
      const plan = planUpgrade(asked);
      expect(plan.steps).toHaveLength(1);
      requireOneStep(plan, asked);
    }
  });

  it("is none to the version that runs", () => {
    expect(planUpgrade(request("v1.28.9-rancher1", "v1.28.9")).kind).toBe("none");
  });

  it("never goes back", () => {
    expect(() => planUpgrade(request("v1.29.0", "v1.28.9"))).toThrow(/cannot go back to v1\.28\.9/);
  });

  it("is refused where the cluster is not complete, in place only", () => {
    const broken = { status: "UPDATE_FAILED" };
    expect(() => planUpgrade(request("v1.28.0", "v1.29.0", broken))).toThrow(/is UPDATE_FAILED; Magnum upgrades only/);
    const green = planUpgrade(request("v1.28.0", "v1.31.0", { ...broken, inPlace: { reason: "gone in 18.0.0" } }));
    expect(green).toEqual({ kind: "blue-green", steps: ["1.31"], reason: "gone in 18.0.0" });
  });

  it("says what a version looks like when it is none", () => {
    expect(() => planUpgrade(request("latest", "v1.29.0"))).toThrow(/must be a Kubernetes version.*got "latest"/);
  });
});

describe("a node group", () => {
  const check = (key: string, group: Parameters<typeof checkNodeGroup>[2], zero = true) =>
    checkNodeGroup(`nodeGroups.${key}`, key, group, zero);

  it.each([
    ["default-worker", { nodes: 1 }, /Magnum makes that group itself/],
    ["gpu", { nodes: -1 }, /must be at least 0, got -1/],
    ["gpu", { nodes: 3, maxNodes: 2 }, /`nodeGroups.gpu.maxNodes` must be at least 3/],
    ["gpu", { nodes: 1, minNodes: 2, maxNodes: 4 }, /`nodeGroups.gpu.minNodes` must be at most its nodes, 1, got 2/],
    ["gpu", { nodes: 1, role: "master" }, /Magnum adds no groups of masters/],
  ])("called %s with %j is refused, saying why", (key, group, reason) => {
    expect(() => check(key, group)).toThrow(reason);
  });

  it("may have no nodes where Magnum can scale to zero, else not", () => {
    expect(() => check("gpu", { nodes: 0, minNodes: 0, maxNodes: 4 })).not.toThrow();
    expect(() => check("gpu", { nodes: 0 }, false)).toThrow(/at least 1, got 0.*1\.10/);
  });
});
