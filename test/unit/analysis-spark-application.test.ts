import { describe, expect, it } from "vitest";

import { planSparkApplication } from "../../components/analysis/spark/application";
import type { ApplicationArgs } from "../../components/analysis/spark/applicationArgs";
import { ScheduledSparkApplication } from "../../components/analysis/spark/ScheduledSparkApplication";
import { SparkApplication } from "../../components/analysis/spark/SparkApplication";
import { fullApplication } from "../support/analysis/applications";
import { graphOf } from "../support/graph";

const small: ApplicationArgs = {
  language: "Python",
  image: "registry.example.org/spark-hep:4.0.4",
  mainApplicationFile: "local:///opt/app/main.py",
};

describe("a Spark application", () => {
  it("has in its pod templates all that its pods need, so that no webhook must add it", () => {
    const { driver, executor } = planSparkApplication("dimuon", fullApplication);
    for (const pod of [driver, executor]) {
      const { spec, metadata } = pod.template as unknown as Template;
      expect(spec.volumes).toEqual(fullApplication.mounts?.volumes);
      expect(spec.containers[0]?.volumeMounts).toEqual(fullApplication.mounts?.volumeMounts);
      expect(spec.containers[0]?.env.map(({ name }) => name)).toEqual([
        ...["STAGE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CVMFS_REPOSITORY"],
      ]);
      expect(spec.containers[0]?.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      });
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      expect(metadata.labels["app.kubernetes.io/instance"]).toBe("dimuon");
      // What only the webhook would put into a pod.
      for (const field of [
        "env",
        "volumeMounts",
        "tolerations",
        "affinity",
        "securityContext",
        "memoryLimit",
        "labels",
      ])
        expect(pod).not.toHaveProperty(field);
    }
  });

  it("lets the driver alone talk to the API server", () => {
    const { driver, executor } = planSparkApplication("dimuon", small);
    const mounts = [driver, executor].map(({ template }) => (template as Template).spec.automountServiceAccountToken);
    expect(mounts).toEqual([true, false]);
    expect([driver.serviceAccount, executor.serviceAccount]).toEqual(["spark", "spark-executor"]);
  });

  it("gives an executor time to hand over its blocks, unless it need not", () => {
    const seconds = (args: ApplicationArgs) =>
      (planSparkApplication("a", args).executor.template as Template).spec.terminationGracePeriodSeconds;
    expect(seconds(small)).toBe(120);
    expect(seconds({ ...small, decommission: false })).toBeUndefined();
    expect(planSparkApplication("a", { ...small, decommission: false }).sparkConf).not.toHaveProperty(
      "spark.decommission.enabled",
    );
  });

  it("places executors by node group and role, tolerating what is said", () => {
    const { spec } = planSparkApplication("dimuon", fullApplication).executor.template as Template;
    expect(spec.affinity).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: "magnum.openstack.org/nodegroup", operator: "In", values: ["large", "larger"] },
                { key: "magnum.openstack.org/role", operator: "In", values: ["batch"] },
              ],
            },
          ],
        },
      },
    });
    expect(spec.tolerations).toEqual([{ key: "batch", operator: "Exists", effect: "NoSchedule" }]);
  });

  it("takes Spark's version from the image's tag, and asks for it where there is none", () => {
    expect(planSparkApplication("a", { ...small, image: "x/spark:3.5.7-scala2.12" }).sparkVersion).toBe("3.5.7");
    expect(planSparkApplication("a", small).sparkVersion).toBe("4.0.4");
    expect(() => planSparkApplication("a", { ...small, image: "x/analysis:7f3a" })).toThrow(
      /`sparkVersion`.*Say which/,
    );
  });

  it("says everything that is wrong at once", () => {
    const wrong: ApplicationArgs = {
      ...small,
      ...{ language: "Scala", image: "docker.io/apache/spark:latest", eventLogs: { bucket: "Logs" }, timeToLive: 0 },
      executor: { instances: 3, memory: "lots" },
      allocation: { max: 10 },
    };
    expect(() => planSparkApplication("-dimuon", wrong)).toThrow(
      /9 problems:[^]*name must be[^]*`image` must be an image with a tag[^]*`sparkVersion`[^]*`eventLogs.bucket`[^]*needs `store`[^]*`mainClass`[^]*`timeToLive`[^]*`executor.memory`[^]*both say how many/,
    );
  });

  it.each(["spark", "x/spark:latest", "x/spark", "x/spark:", "x/spark@sha256:12"])("refuses the image %s", (image) => {
    expect(() => planSparkApplication("a", { ...small, image, sparkVersion: "4.0.4" })).toThrow(
      /`image` must be an image with a tag other than latest, or a digest/,
    );
  });

  it("refuses Apache's own image with object storage, since it has no S3 connector, unless a package brings it", () => {
    const args = {
      ...small,
      image: "docker.io/apache/spark:4.0.4",
      store: { endpoint: "https://s3.x", credentials: "c" },
    };
    expect(() => planSparkApplication("a", args)).toThrow(/has no S3 connector[^]*hadoop-aws:3.4.1/);
    const packages = ["org.apache.hadoop:hadoop-aws:3.4.1"];
    expect(planSparkApplication("a", { ...args, dependencies: { packages } }).deps).toEqual({ packages });
  });

  it("refuses an executor that no node has room for", () => {
    const nodes = { small: { cores: 4, memoryMiB: 8192 } };
    const args = { ...small, nodes, executor: { cores: 8, memory: "4g" } };
    expect(() => planSparkApplication("a", args)).toThrow(/`executor` needs 8 cores[^]*small 3 cores and 7402 MiB/);
  });

  it("becomes one object of the operator's, labelled", async () => {
    expect(
      await graphOf(() => new SparkApplication("dimuon", { ...fullApplication, namespace: "jobs" })),
    ).toMatchSnapshot();
  });

  it("becomes, with a schedule, one that runs it", async () => {
    const graph = await graphOf(
      () => new ScheduledSparkApplication("nightly", { ...small, namespace: "jobs", schedule: "@daily" }),
    );
    expect(graph).toMatchSnapshot();
  });
});

interface Template {
  metadata: { labels: Record<string, string> };
  spec: {
    containers: { env: { name: string }[]; volumeMounts: unknown; securityContext: unknown }[];
    volumes: unknown;
    affinity: unknown;
    tolerations: unknown;
    securityContext: unknown;
    automountServiceAccountToken: boolean;
    terminationGracePeriodSeconds?: number;
  };
}
