import { rmSync } from "node:fs";
import { dirname } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { NODE_GROUP_LABEL } from "../../components/analysis/kubernetes/placement";
import { podSecurityLabels } from "../../components/analysis/kubernetes/security";
import { cronJobSpec, jobSpec, runLabels } from "../../components/analysis/runs/jobManifest";
import { loadAnalysis } from "../../components/analysis/runs/load";
import { planRun } from "../../components/analysis/runs/plan";
import { runConfigMap } from "../../components/analysis/runs/podFiles";
import { sparkSpec } from "../../components/analysis/runs/sparkManifest";
import { DRIVER_RULES } from "../../components/analysis/spark/rights";
import { CODE, SMALL, written } from "../support/analysis/definitions";
import { type SparkDriver, startDriver } from "../support/analysis/sparkDriver";
import { ControlPlane } from "../support/kubernetes/controlPlane";
import { eventually } from "../support/members";

/**
 * Executors that are asked for, and nodes of the cluster. `FABRIC_EXECUTORS=1000` is the scale test: it takes two cores for
 * minutes, which other files' time-outs beside it would not bear.
 */
const EXECUTORS = Number(process.env["FABRIC_EXECUTORS"] ?? 100);

const NAMESPACE = "analyses";

/** Milliseconds between two looks. */
const POLL_MS = 5_000;

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
  await plane.apply(JSON.stringify(namespaceAndAccounts()));
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
  const token = await plane.kubectl("create", "token", spec.driver.serviceAccount, "-n", NAMESPACE, "--duration=2h");
  driver = await startDriver(spec, NAMESPACE, { kubeconfig: plane.kubeconfig, token });
  // Spark takes an executor for lost that it does not see soon enough, and asks for another: on a busy machine a few more.
  await eventually(boundCount, (count) => count >= EXECUTORS, 800, POLL_MS);
  const pods = (await executors()).filter(({ status }) => status.phase === "Running");
  console.log(`${EXECUTORS} executors bound ${((Date.now() - started) / 1000).toFixed(0)} s after the driver's start`);

  expect(pods.length).toBeGreaterThanOrEqual(EXECUTORS);
  expect(new Set(pods.map(({ metadata }) => metadata.labels["spark-exec-id"])).size).toBe(pods.length);
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
  await eventually(boundCount, (count) => count === 0, 300, POLL_MS);
});

test("An analysis that runs as a Job is admitted to the same namespace, with its files and its packages", async () => {
  const lock = `numpy==2.2.6 --hash=sha256:${"a".repeat(64)}\n`;
  const changes = { image: undefined, environment: { over: SMALL.image, lock: "r.lock" } };
  const file = written({ ...SMALL, ...changes }, { ...CODE, "r.lock": lock });
  const planned = planRun(loadAnalysis(file), { schedule: undefined });
  rmSync(dirname(file), { recursive: true });
  const files = runConfigMap(planned);
  const schedule = { cron: "0 3 * * *", timeZone: "Europe/Zurich", concurrency: "Forbid", each: "always" } as const;
  const metadata = (name: string) => ({ name, namespace: NAMESPACE, labels: runLabels(planned) });
  const { data, binaryData } = files;
  const items = [
    { apiVersion: "v1", kind: "ConfigMap", metadata: metadata(files.name), data, binaryData, immutable: true },
    { apiVersion: "batch/v1", kind: "Job", metadata: metadata(planned.objectName), spec: jobSpec(planned, files) },
    {
      ...{ apiVersion: "batch/v1", kind: "CronJob", metadata: metadata("counting") },
      spec: cronJobSpec({ ...planned, schedule }, files),
    },
  ];
  await plane.apply(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  const selector = `app.kubernetes.io/instance=${planned.objectName}`;
  const pods = () => plane.json("get", "pods", "-n", NAMESPACE, "-l", selector);
  const [pod] = (await eventually(pods, ({ items }) => items.length === 1)).items as unknown as Pod[];
  expect(pod?.spec.initContainers).toMatchObject([{ name: "environment", image: SMALL.image }]);
});

async function executors(): Promise<Pod[]> {
  const { items } = await plane.json("get", "pods", "-n", NAMESPACE, "-l", "spark-role=executor");
  return items as unknown as Pod[];
}

/** Names alone: what a thousand pods are in full takes the API and its client seconds. */
async function boundCount(): Promise<number> {
  const running = ["-l", "spark-role=executor", "--field-selector", "status.phase=Running", "-o", "name"];
  return (await plane.kubectl("get", "pods", "-n", NAMESPACE, ...running)).split("\n").filter(Boolean).length;
}

/**
 * A namespace that admits only restricted pods, so that the API itself judges what Spark makes of our template, and a
 * driver that may do there what the platform's may, and nothing else.
 */
function namespaceAndAccounts() {
  const metadata = (name: string) => ({ name, namespace: NAMESPACE });
  const rbac = "rbac.authorization.k8s.io";
  const items = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels: podSecurityLabels("restricted") } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata("spark") },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata("spark-executor") },
    { apiVersion: `${rbac}/v1`, kind: "Role", metadata: metadata("spark"), rules: DRIVER_RULES },
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: metadata("spark"),
      roleRef: { apiGroup: rbac, kind: "Role", name: "spark" },
      subjects: [{ kind: "ServiceAccount", name: "spark", namespace: NAMESPACE }],
    },
  ];
  return { apiVersion: "v1", kind: "List", items };
}
