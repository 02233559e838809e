import { rmSync } from "node:fs";
import { dirname } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { NODE_GROUP_LABEL } from "../../components/analysis/kubernetes/placement";
import { podSecurityLabels } from "../../components/analysis/kubernetes/security";
import { loadAnalysis } from "../../components/analysis/runs/load";
import { planRun } from "../../components/analysis/runs/plan";
import { runConfigMap } from "../../components/analysis/runs/podFiles";
import { sparkSpec } from "../../components/analysis/runs/sparkManifest";
import { SMALL, written } from "../support/analysis/definitions";
import { type SparkDriver, startDriver } from "../support/analysis/sparkDriver";
import { ControlPlane } from "../support/kubernetes/controlPlane";
import { eventually } from "../support/members";

/** Executors that are asked for, and nodes of the cluster; fewer for a look at a busy machine. */
const EXECUTORS = Number(process.env["FABRIC_EXECUTORS"] ?? 1000);

const NAMESPACE = "analyses";

interface Pod {
  metadata: { name: string; labels: Record<string, string> };
  spec: { nodeName?: string; initContainers?: { name: string }[]; containers: { image: string }[] };
  status: { phase: string };
}

let plane: ControlPlane;
let driver: SparkDriver;
let workers: string[];
let definition: string;

beforeAll(async () => {
  definition = written({
    ...SMALL,
    runs: "spark",
    image: "registry.example.org/spark:4.0.4-s3",
    outputs: { to: "s3a://results", files: ["count.txt"] },
    resources: { executor: { instances: EXECUTORS, cores: 2, memory: "4Gi" } },
  });
  plane = await ControlPlane.start();
  const group = (name: string) => ({ prefix: name, labels: { [NODE_GROUP_LABEL]: name }, capacity: { cpu: "4" } });
  workers = await plane.addNodes(Math.ceil(EXECUTORS * 0.8), group("analysis"));
  await plane.addNodes(Math.ceil(EXECUTORS * 0.2), group("default-worker"));
  await plane.apply(JSON.stringify(namespaceAndAccount()));
});

afterAll(async () => {
  await driver?.stop();
  await plane?.stop();
  if (definition !== undefined) rmSync(dirname(definition), { recursive: true });
});

test("Spark gets every executor of an analysis through the API, and the scheduler binds each to its node group", async () => {
  const planned = planRun(loadAnalysis(definition));
  const spec = sparkSpec(planned, runConfigMap(planned), { placement: { nodeGroups: ["analysis"] } });
  const started = Date.now();
  driver = await startDriver(spec, NAMESPACE, plane.kubeconfig);
  const pods = await eventually(executors, (list) => list.filter(bound).length === EXECUTORS, 800);
  console.log(`${EXECUTORS} executors bound ${((Date.now() - started) / 1000).toFixed(0)} s after the driver's start`);

  expect(pods).toHaveLength(EXECUTORS);
  expect(new Set(pods.map(({ metadata }) => metadata.labels["spark-exec-id"])).size).toBe(EXECUTORS);
  const group = new Set(workers);
  expect(pods.filter(({ spec }) => !group.has(spec.nodeName ?? ""))).toEqual([]);
  for (const { metadata, spec } of pods) {
    expect(metadata.labels).toMatchObject({
      "app.kubernetes.io/instance": planned.objectName,
      "app.kubernetes.io/component": "executor",
      "spark-role": "executor",
    });
    expect(metadata.name.startsWith(`${planned.objectName}-exec-`)).toBe(true);
    expect(spec.containers[0]?.image).toBe(planned.run.image);
  }
});

test("Their pods are gone once the driver has ended", async () => {
  await driver.stop();
  await eventually(executors, (list) => list.length === 0, 300);
});

async function executors(): Promise<Pod[]> {
  const { items } = await plane.json("get", "pods", "-n", NAMESPACE, "-l", "spark-role=executor");
  return items as unknown as Pod[];
}

function bound({ spec, status }: Pod): boolean {
  return spec.nodeName !== undefined && status.phase === "Running";
}

/** A namespace that admits only restricted pods, so that what Spark makes of our template is judged by the API itself. */
function namespaceAndAccount() {
  const labels = podSecurityLabels("restricted");
  const items = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "spark-executor", namespace: NAMESPACE } },
  ];
  return { apiVersion: "v1", kind: "List", items };
}
