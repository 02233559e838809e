import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { planSparkApplication } from "../../components/analysis/spark/application";
import { ScheduledSparkApplication } from "../../components/analysis/spark/ScheduledSparkApplication";
import { SparkApplication } from "../../components/analysis/spark/SparkApplication";
import { SparkPlatform } from "../../components/analysis/spark/SparkPlatform";
import { fullApplication } from "../support/analysis/applications";
import { type Manifest, manifestsOf } from "../support/analysis/manifests";
import { fullPlatform } from "../support/analysis/platforms";
import { sparkCrds } from "../support/analysis/sparkCrd";
import { sparkPod } from "../support/analysis/sparkPods";
import { graphOf } from "../support/graph";
import { ControlPlane } from "../support/kubernetes/controlPlane";

const list = (items: object[]) => JSON.stringify({ apiVersion: "v1", kind: "List", items });

/** The claim that the application's mounts name, and its volume. */
function boundClaim(namespace: string): object[] {
  const common = { accessModes: ["ReadOnlyMany"], storageClassName: "", volumeMode: "Filesystem" };
  const csi = { driver: "cvmfs.csi.cern.ch", volumeHandle: "cvmfs" };
  const claim = { ...common, volumeName: "cvmfs", resources: { requests: { storage: "1" } } };
  return [
    { ...{ apiVersion: "v1", kind: "PersistentVolume" }, metadata: { name: "cvmfs" }, spec: { ...common, capacity: { storage: "1" }, csi } },
    { ...{ apiVersion: "v1", kind: "PersistentVolumeClaim" }, metadata: { name: "cvmfs", namespace }, spec: claim },
  ];
}

describe("what the Spark platform emits, at a real API server that knows the operator's types", () => {
  let plane: ControlPlane;
  let applications: Manifest[];

  /** A copy of the full application's object, changed. */
  const changed = (change: (spec: Record<string, Record<string, unknown>>) => void): string => {
    const copy = structuredClone(applications[0]) as unknown as { spec: Record<string, Record<string, unknown>> };
    change(copy.spec);
    return JSON.stringify(copy);
  };

  beforeAll(async () => {
    plane = await ControlPlane.start();
    const crds = await sparkCrds();
    await plane.apply(list(crds));
    await plane.kubectl("wait", "crd", ...crds.map(({ metadata }) => metadata.name), "--for=condition=Established");
    const taints = [{ key: "batch", effect: "NoSchedule" }];
    const group = (name: string) => ({ "magnum.openstack.org/nodegroup": name, "magnum.openstack.org/role": "batch" });
    await plane.addNodes(1, { prefix: "large", labels: group("large"), taints });
    await plane.addNodes(1, { prefix: "services", labels: group("services") });
    applications = manifestsOf(
      await graphOf(() => {
        new SparkApplication("dimuon", { ...fullApplication, namespace: "physics" });
        new ScheduledSparkApplication("nightly", { ...fullApplication, namespace: "physics", schedule: "@daily" });
      }),
    ).sort((a, b) => b.kind.localeCompare(a.kind));
  });

  afterAll(async () => {
    // Undefined where the set-up failed.
    await (plane as ControlPlane | undefined)?.stop();
  });

  it("is accepted whole, field by field, and the history server's pod is admitted", async () => {
    // PodMonitors are another operator's.
    const args = { ...fullPlatform, monitoring: { namespaces: ["monitoring"] } };
    const objects = manifestsOf(await graphOf(() => new SparkPlatform("spark", args)));
    const isNamespace = ({ kind }: Manifest) => kind === "Namespace";
    await plane.apply(list(objects.filter(isNamespace)));
    const said = await plane.apply(list(objects.filter((object) => !isNamespace(object))));
    expect(said.split("\n")).toHaveLength(objects.length - 3);
    await plane.kubectl("wait", "pod", "-n", "spark-system", "--all", "--for=condition=Ready", "--timeout=120s");
  });

  it("has applications and schedules of the operator's types", async () => {
    expect(await plane.apply(list(applications))).toMatch(/sparkapplication\S*\/dimuon[^]*scheduledspark\S*\/nightly/);
  });

  it("would be refused with a field that the operator, or a pod, does not have", async () => {
    const misspelt = changed(({ executor }) => {
      const { spec } = executor?.["template"] as { spec: { containers: Record<string, unknown>[] } };
      Object.assign(spec.containers[0] ?? {}, { volumeMount: [] });
    });
    await expect(plane.apply(misspelt)).rejects.toThrow(/template.spec.containers\[0\].volumeMount: field not declared/);
    const other = changed((spec) => Object.assign(spec["dynamicAllocation"] ?? {}, { maximum: 3 }));
    await expect(plane.apply(other)).rejects.toThrow(/dynamicAllocation.maximum: field not declared/);
    const text = changed((spec) => Object.assign(spec["dynamicAllocation"] ?? {}, { maxExecutors: "3" }));
    await expect(plane.apply(text)).rejects.toThrow(/maxExecutors: expected numeric/);
  });

  it("lets Spark's pods into the closed namespace, within its quota, each on its group's nodes", async () => {
    const application = planSparkApplication("dimuon", { ...fullApplication, executor: { cores: 4, memory: "8g" } });
    const pods = (["driver", "executor"] as const).map((role) => sparkPod(role, "physics", application, role));
    await plane.apply(list([...boundClaim("physics"), ...pods]));
    await plane.kubectl("wait", "pod", "-n", "physics", "driver", "executor", "--for=condition=PodScheduled", "--timeout=120s");
    const placed = await plane.json<{ items: { metadata: { name: string }; spec: { nodeName: string } }[] }>(
      ...["get", "pods", "-n", "physics"],
    );
    expect(placed.items.map(({ metadata, spec }) => [metadata.name, spec.nodeName])).toEqual([
      ["driver", "services-0"],
      ["executor", "large-0"],
    ]);
    const root = structuredClone(pods[1]) as unknown as { metadata: object; spec: Record<string, unknown> };
    root.metadata = { name: "root", namespace: "physics" };
    root.spec["securityContext"] = {};
    await expect(plane.apply(JSON.stringify(root))).rejects.toThrow(/violates PodSecurity "restricted/);
  });

  it.each([
    ["spark", "create", "pods", "physics", "yes"],
    ["spark", "deletecollection", "configmaps", "physics", "yes"],
    ["spark", "get", "secrets", "physics", "no"],
    ["spark", "update", "pods", "physics", "no"],
    ["spark", "list", "pods", "alpha", "no"],
    ["spark-executor", "get", "pods", "physics", "no"],
  ])("answers whether %s of physics may %s %s in %s: %s", async (account, verb, resource, namespace, answer) => {
    const as = `--as=system:serviceaccount:physics:${account}`;
    const said = plane.kubectl("auth", "can-i", verb, resource, "-n", namespace, as);
    // kubectl fails where the answer is no.
    if (answer === "yes") expect(await said).toBe("yes");
    else await expect(said).rejects.toThrow(/: no/);
  });
});
