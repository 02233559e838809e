import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterEach, describe, expect, test } from "vitest";

import { Analysis, type AnalysisArgs } from "../../components/analysis/runs/Analysis";
import { loadAnalysis } from "../../components/analysis/runs/load";
import { planRun } from "../../components/analysis/runs/plan";
import { runConfigMap } from "../../components/analysis/runs/podFiles";
import { runnerFiles, runnerFolder } from "../../components/analysis/runs/runnerFiles";
import { CODE, SMALL, written as write } from "../support/analysis/definitions";
import { graphOf } from "../support/graph";

const folders: string[] = [];

function written(definition: object, files: Record<string, string | Buffer> = CODE): string {
  const file = write(definition, files);
  folders.push(dirname(file));
  return file;
}

afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const DIMUON = join(__dirname, "../../examples/dimuon/analysis.yaml");
const STORE = { endpoint: "https://s3.example.org", credentials: "spark-object-store" };
const MOUNTS = {
  volumes: [{ name: "eos", persistentVolumeClaim: { claimName: "eos" } }],
  volumeMounts: [{ name: "eos", mountPath: "/eos" }],
  env: [{ name: "EOS_TOKEN", value: "/run/token" }],
};

const graph = (args: Partial<AnalysisArgs> & { definition: string }) =>
  graphOf(() => void new Analysis("counting", { namespace: "analyses", ...args }));

/** What is created, by its type's last word. */
async function created(args: Partial<AnalysisArgs> & { definition: string }) {
  const registered = await graph(args);
  const kinds = registered.map(({ type, inputs }) => [type.split(":").at(-1)!, inputs] as const);
  return Object.fromEntries(kinds) as Record<string, Record<string, unknown>>;
}

/** Every pod specification within an object, wherever it lies. */
function podSpecs(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(podSpecs);
  return "containers" in value ? [value, ...inner] : inner;
}

describe("An analysis in a cluster", () => {
  test("is a config map with its code, and a Job named by what it computes", async () => {
    const definition = written(SMALL);
    const { address, objectName } = planRun(loadAnalysis(definition));
    const { ConfigMap, Job } = await created({ definition, mounts: MOUNTS });
    expect(Job).toMatchObject({ metadata: { name: objectName, labels: { "openstack-fabric/address": address } } });
    expect(ConfigMap).toMatchObject({ immutable: true });
    const texts = Object.values((ConfigMap as { data: Record<string, string> }).data);
    expect(texts).toContain(CODE["count.py"]);
    expect(texts).toContain(readFileSync(join(runnerFolder(), "main.py"), "utf8"));
    const [pod] = podSpecs(Job);
    expect(pod).toMatchObject({
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ image: SMALL.image, securityContext: { capabilities: { drop: ["ALL"] } } }],
    });
    const mounted = (pod as { containers: [{ volumeMounts: { mountPath: string }[] }] }).containers[0].volumeMounts;
    expect(mounted.map(({ mountPath }) => mountPath)).toEqual(["/opt/analysis", "/tmp", "/eos"]);
  });

  test("is a CronJob that keeps its name over all addresses, when it has a schedule", async () => {
    const schedule = { cron: "0 3 * * *", timeZone: "Europe/Zurich", each: "always" } as const;
    const definition = written({ ...SMALL, retries: 2 });
    const { CronJob } = await created({ definition, schedule, parameters: { words: "4" } });
    expect(CronJob).toMatchObject({
      metadata: { name: "counting" },
      spec: {
        schedule: "0 3 * * *",
        timeZone: "Europe/Zurich",
        concurrencyPolicy: "Forbid",
        jobTemplate: { spec: { backoffLimit: 2 } },
      },
    });
  });

  test("is a Spark application whose pods get code, packages and data by their templates, not by a webhook", async () => {
    const { SparkApplication: application } = await created({ definition: DIMUON, store: STORE, mounts: MOUNTS });
    const spec = application!["spec"] as Record<string, unknown>;
    expect(spec).toMatchObject({
      type: "Python",
      sparkVersion: "4.0.4",
      mainApplicationFile: "local:///opt/analysis/runner/main.py",
      arguments: ["/opt/analysis/run.json"],
      driver: { memory: "2048m" },
      executor: { instances: 4, cores: 2 },
      restartPolicy: { type: "OnFailure", onFailureRetries: 1 },
    });
    const pods = podSpecs(spec);
    expect(pods).toHaveLength(2);
    for (const pod of pods) {
      expect(pod).toMatchObject({
        initContainers: [{ name: "environment", args: expect.arrayContaining(["--require-hashes"]) as unknown }],
      });
      const volumes = (pod["volumes"] as { name: string }[]).map(({ name }) => name);
      expect(volumes).toEqual(["analysis", "environment", "eos"]);
      const [{ env }] = pod["containers"] as [{ env: { name: string; value?: string }[] }];
      expect(env).toContainEqual({ name: "PYTHONPATH", value: "/opt/environment" });
    }
  });

  test("is a scheduled Spark application with a schedule", async () => {
    const schedule = { cron: "@daily", each: "always" } as const;
    const { ScheduledSparkApplication: application } = await created({ definition: DIMUON, store: STORE, schedule });
    expect(application).toMatchObject({
      metadata: { name: "dimuon" },
      spec: { schedule: "@daily", timeZone: "Etc/UTC" },
    });
    expect(podSpecs(application)).toHaveLength(2);
  });

  test("gets a new name with another parameter, and the same one without a change", async () => {
    const definition = written(SMALL);
    const name = async (parameters?: Record<string, string>) =>
      ((await created({ definition, parameters })).Job as { metadata: { name: string } }).metadata.name;
    expect(await name()).toBe(await name({ words: "3" }));
    expect(await name({ words: "4" })).not.toBe(await name());
  });

  test("is refused where only a developer's machine could run it, or nothing leads to its storage", async () => {
    const inputs = { events: { from: "events.csv" } };
    const local = written({ ...SMALL, inputs }, { ...CODE, "events.csv": "1\n" });
    await expect(graph({ definition: local })).rejects.toThrow(
      /a path of the developer's machine.*checksum: sha256:[0-9a-f]{64}/,
    );
    await expect(graph({ definition: DIMUON })).rejects.toThrow("s3a://analyses/results needs `store`");
  });
});

describe("The files of a run", () => {
  const plannedWith = (files: Record<string, string | Buffer>) => {
    const code = { files: Object.keys(files), entry: "count.py" };
    return planRun(loadAnalysis(written({ ...SMALL, code }, files)));
  };

  test("lie in the pod as they lie beside the definition, bytes that are no text included", () => {
    const table = Buffer.from([0xff, 0x00, 0xfe]);
    const { data, binaryData, volume } = runConfigMap(plannedWith({ ...CODE, "lib/table.bin": table }));
    const key = volume.items.find(({ path }) => path === "code/lib/table.bin")!.key;
    expect(Buffer.from(binaryData[key]!, "base64")).toEqual(table);
    expect(Object.keys({ ...data, ...binaryData })).toHaveLength(volume.items.length);
    expect(volume.items.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["run.json", "code/count.py", ...runnerFiles().map(({ path }) => `runner/${path}`)]),
    );
  });

  test("are named by their content", () => {
    const name = (text: string) => runConfigMap(plannedWith({ "count.py": text })).name;
    expect(name("a = 1\n")).toBe(name("a = 1\n"));
    expect(name("a = 1\n")).not.toBe(name("a = 2\n"));
  });

  test("are refused when no config map holds them, with the largest and the fix", () => {
    const planned = plannedWith({ ...CODE, "table.bin": Buffer.alloc(1024 * 1024) });
    expect(() => runConfigMap(planned)).toThrow(
      /`code.files`.*a config map holds 1024 KiB \(the largest is table.bin, 1024 KiB\)\. Put data into `inputs`.*or large code into the image/,
    );
  });
});
