import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { batchSize, planAllocation } from "../../components/analysis/spark/allocation";
import { planSparkApplication } from "../../components/analysis/spark/application";
import type { ApplicationArgs } from "../../components/analysis/spark/applicationArgs";
import { defaultOverhead, parseMemory, planSize } from "../../components/analysis/spark/memory";
import { allocatable, fits, nodeFinding } from "../../components/analysis/spark/nodes";
import { planSchedule } from "../../components/analysis/spark/schedule";

const store = { endpoint: "https://s3.example.org", credentials: "store" };

const application: ApplicationArgs = {
  language: "Python",
  image: "registry.example.org/spark-hep:4.0.4",
  mainApplicationFile: "local:///opt/app/main.py",
};

describe("memory of a Spark pod", () => {
  it("follows Spark's rules: a tenth of the heap, four tenths beside Python, 384 MiB at least", () => {
    expect(defaultOverhead(1024, "Scala")).toBe(384);
    expect(defaultOverhead(8192, "Java")).toBe(819);
    expect(defaultOverhead(8192, "Python")).toBe(3276);
    expect(planSize("executor", { memory: "8g", memoryOverhead: "1g" }, "Python").totalMiB).toBe(9216);
  });

  it("is read as Spark reads it", () => {
    expect([parseMemory("m", "512m"), parseMemory("m", "4g"), parseMemory("m", "2T")]).toEqual([512, 4096, 2097152]);
    expect(() => parseMemory("executor.memory", "4Gi")).toThrow(/`executor.memory` must be a whole number with a unit/);
    expect(() => parseMemory("executor.memory", "4096")).toThrow(/such as 4g, got "4096"/);
  });
});

describe("an executor and the nodes it may run on", () => {
  const nodes = { small: { cores: 4, memoryMiB: 8192 }, large: { cores: 16, memoryMiB: 65536 } };

  it("takes into account what a node keeps for itself", () => {
    expect(allocatable(nodes.small)).toEqual({ cores: 3.88, memoryMiB: 7402 });
    expect(fits(planSize("e", { cores: 4, memory: "1g" }, "Java"), nodes.small)).toBe(false);
    expect(
      fits(planSize("e", { cores: 4, memory: "1g" }, "Java"), { ...nodes.small, reserved: { cores: 0, memoryMiB: 0 } }),
    ).toBe(true);
  });

  it("is refused with the room of each group and the fix", () => {
    const size = planSize("executor", { cores: 4, memory: "6g" }, "Python");
    expect(nodeFinding("executor", size, nodes, undefined)).toBeUndefined();
    expect(nodeFinding("executor", size, nodes, ["small"])).toBe(
      "`executor` needs 4 cores and 8601 MiB (6144 heap, 2457 overhead), and no node it may run on has so much for pods: small 3 cores and 7402 MiB. Make it smaller, or use a larger flavor.",
    );
    expect(nodeFinding("executor", size, nodes, ["gpu"])).toMatch(/names gpu, the cluster has large, small/);
  });

  it("fits on every node that is larger than one it fits on", () => {
    const shape = fc.record({
      cores: fc.integer({ min: 1, max: 256 }),
      memoryMiB: fc.integer({ min: 512, max: 4_000_000 }),
    });
    const size = fc.record({ cores: fc.integer({ min: 1, max: 256 }), memory: fc.integer({ min: 1, max: 4096 }) });
    fc.assert(
      fc.property(shape, size, fc.nat(512), (node, { cores, memory }, more) => {
        const planned = planSize("e", { cores, memory: `${memory}g` }, "Java");
        const larger = { cores: node.cores + more, memoryMiB: node.memoryMiB + more };
        return !fits(planned, node) || (fits(planned, larger) && planned.totalMiB < node.memoryMiB);
      }),
    );
  });
});

describe("dynamic allocation", () => {
  it("tracks shuffles by default, and ends that after an hour", () => {
    const { dynamicAllocation, sparkConf } = planSparkApplication("a", { ...application, allocation: { max: 50 } });
    expect(dynamicAllocation).toEqual({
      ...{ enabled: true, minExecutors: 0, maxExecutors: 50, initialExecutors: 0 },
      ...{ shuffleTrackingEnabled: true, shuffleTrackingTimeout: 3_600_000 },
    });
    expect(sparkConf["spark.dynamicAllocation.executorIdleTimeout"]).toBe("60s");
  });

  it("is refused without shuffle tracking or a shuffle service", () => {
    const args = { ...application, allocation: { max: 5, shuffleTracking: false } };
    expect(() => planSparkApplication("a", args)).toThrow(/`allocation.shuffleTracking` is off.*Leave it on, or say/);
    const withService = { ...application, allocation: { max: 5, shuffleTracking: false, shuffleService: true } };
    const spec = planSparkApplication("a", withService);
    expect(spec.dynamicAllocation).not.toHaveProperty("shuffleTrackingTimeout");
    expect(spec.sparkConf["spark.shuffle.service.enabled"]).toBe("true");
  });

  it("says every wrong number at once", () => {
    expect(() => planAllocation("allocation", { min: 5, max: 2, initial: 9, idleTimeout: 0 })).toThrow(
      /3 problems:[^]*`allocation.min` must be 0 to `max` \(2\)[^]*`allocation.initial`[^]*`allocation.idleTimeout`/,
    );
  });

  it("asks for a thousand executors in few rounds, and for few in Spark's own", () => {
    expect([1, 200, 1000, 10_000].map(batchSize)).toEqual([10, 10, 50, 100]);
  });
});

describe("the properties of a run", () => {
  it("are sorted, and the same however they were given", () => {
    const conf = { "spark.sql.shuffle.partitions": "64", "spark.app.note": "x" };
    const { sparkConf } = planSparkApplication("a", { ...application, store, eventLogs: { bucket: "logs" }, conf });
    expect(Object.keys(sparkConf)).toEqual([...Object.keys(sparkConf)].sort());
    const reversed = Object.fromEntries(Object.entries(conf).reverse());
    const again = planSparkApplication("a", { ...application, store, eventLogs: { bucket: "logs" }, conf: reversed });
    expect(JSON.stringify(again.sparkConf)).toBe(JSON.stringify(sparkConf));
    expect(sparkConf).toMatchSnapshot();
  });

  it("use the S3 client of the Hadoop that a version of Spark has, always by TLS", () => {
    const of = (sparkVersion: string) => planSparkApplication("a", { ...application, sparkVersion, store }).sparkConf;
    const key = "spark.hadoop.fs.s3a.aws.credentials.provider";
    expect(of("3.5.7")[key]).toBe("com.amazonaws.auth.EnvironmentVariableCredentialsProvider");
    expect(of("4.0.4")[key]).toBe("software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider");
    expect(of("4.0.4")["spark.hadoop.fs.s3a.connection.ssl.enabled"]).toBe("true");
    const plain = { ...store, endpoint: "http://user:hunter2@s3.example.org" };
    expect(() => planSparkApplication("a", { ...application, store: plain })).toThrow(/must be an address with https/);
    expect(() => planSparkApplication("a", { ...application, store: plain })).not.toThrow(/hunter2/);
  });

  it.each([
    ["spark.hadoop.fs.s3a.secret.key", /would show a secret/],
    ["spark.hadoop.fs.s3a.bucket.logs.access.key", /would show a secret/],
    ["spark.authenticate.secret", /would show a secret/],
    ["spark.ssl.keyPassword", /would show a secret/],
    ["spark.kubernetes.container.image", /is set by the operator/],
    ["spark.eventLog.dir", /is decided by the other arguments/],
    ["spark.executor.memory", /is decided by the other arguments \(1024m\)/],
    ["fs.s3a.endpoint", /is no property of Spark/],
  ])("refuse %s, and never say its value", (key, message) => {
    const args = { ...application, store, eventLogs: { bucket: "logs" }, conf: { [key]: "hunter2" } };
    expect(() => planSparkApplication("a", args)).toThrow(message);
    expect(() => planSparkApplication("a", args)).not.toThrow(/hunter2/);
  });
});

describe("a scheduled application", () => {
  it("skips a run while the one before is there, in UTC, and shares no names between runs", () => {
    const plan = planSchedule("nightly", { ...application, schedule: "30 2 * * *" });
    expect(plan).toMatchObject({ timeZone: "UTC", concurrencyPolicy: "Forbid", suspend: false });
    expect(plan.template.sparkConf).not.toHaveProperty("spark.kubernetes.executor.podNamePrefix");
    for (const schedule of ["@every 6h", "@daily", "*/5 0-6 1,15 * MON"])
      expect(planSchedule("nightly", { ...application, schedule }).schedule).toBe(schedule);
  });

  it("is refused with a time that is none, and with a name that leaves no room for runs' names", () => {
    expect(() => planSchedule("nightly", { ...application, schedule: "at noon" })).toThrow(/got "at noon"/);
    expect(() => planSchedule("n".repeat(37), { ...application, schedule: "@daily" })).toThrow(/up to 36 lower-case/);
  });
});
