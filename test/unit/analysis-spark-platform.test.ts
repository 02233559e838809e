import { describe, expect, it } from "vitest";

import { certificateValues, operatorValues } from "../../components/analysis/spark/operator";
import { jobPolicies } from "../../components/analysis/spark/policies";
import { DRIVER_RULES } from "../../components/analysis/spark/rights";
import { SparkPlatform } from "../../components/analysis/spark/SparkPlatform";
import { fullPlatform } from "../support/analysis/platforms";
import { graphOf, type Registered } from "../support/graph";

const around = { jobNamespaces: ["physics", "alpha"], podMonitors: false };

const namesOf = (graph: Registered[]) => graph.map(({ type, name }) => `${type} ${name}`);

/** Text that a secret stands in, anywhere in what would be asked of the engine but in secrets' own envelopes. */
function openText(graph: Registered[]): string {
  return JSON.stringify(graph, (_, value: unknown) =>
    typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value ? "secret" : value,
  );
}

describe("the operator's values", () => {
  it("watch the job namespaces and leave rights to the platform", () => {
    expect(operatorValues({}, around)).toMatchSnapshot();
  });

  it("give the controller memory for each submission's JVM", () => {
    const memory = (workers: number) => operatorValues({ workers }, around).controller.resources.limits.memory;
    expect([memory(1), memory(20)]).toEqual(["768Mi", "5632Mi"]);
  });

  it("let a certificate of cert-manager's last ten years, since the webhook reads it at its start alone", () => {
    expect(certificateValues({ issuer: "site-ca" })).toEqual({
      ...{ enable: true, duration: "87600h", renewBefore: "4320h" },
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "site-ca" },
    });
    expect(certificateValues({ issuer: "site-ca", hours: 300 })).toMatchObject({ renewBefore: "100h" });
  });

  it("spread replicas and keep one, but ask for no budget of a single one, which the chart refuses", () => {
    const { controller, webhook } = operatorValues({ replicas: { controller: 1, webhook: 3 } }, around);
    expect(controller).not.toHaveProperty("podDisruptionBudget");
    expect(webhook).toMatchObject({ replicas: 3, podDisruptionBudget: { enable: true, minAvailable: 1 } });
  });

  it("take an image apart as the chart does, and refuse one that it cannot put together again", () => {
    expect(operatorValues({ image: "mirror.example.org:5000/kubeflow/controller:2.5.2" }, around).image).toEqual({
      ...{ registry: "mirror.example.org:5000", repository: "kubeflow/controller", tag: "2.5.2" },
    });
    expect(() => operatorValues({ image: "mirror.example.org/controller", workers: 0 }, around)).toThrow(
      /2 problems:[^]*workers` must be 1 to 100[^]*`operator.image` must be an image with a tag/,
    );
    expect(() => operatorValues({ image: `x/y@sha256:${"0".repeat(64)}` }, around)).toThrow(/a tag and no digest/);
  });
});

describe("a driver's rights", () => {
  it("end at its own namespace's pods and what belongs to them", () => {
    const resources = DRIVER_RULES.flatMap((rule) => rule.resources as string[]);
    expect(resources.sort()).toEqual(["configmaps", "persistentvolumeclaims", "pods", "services"]);
    expect(JSON.stringify(DRIVER_RULES)).not.toMatch(/\*|secrets|update|escalate/);
  });
});

describe("the policies of a job namespace", () => {
  const policies = jobPolicies({
    apiServer: { cidrs: ["10.0.0.0/24"] },
    egress: [{ name: "eos", cidrs: ["192.0.2.0/24"], ports: [1094] }],
    observers: [],
  });

  it("let drivers alone reach the API server, and both reach what is named", () => {
    expect(policies["driver-to-api-server"]).toEqual({
      podSelector: { matchLabels: { "spark-role": "driver" } },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ ipBlock: { cidr: "10.0.0.0/24" } }],
          ports: [
            { protocol: "TCP", port: 443 },
            { protocol: "TCP", port: 6443 },
          ],
        },
      ],
    });
    expect(policies["spark-to-eos"]?.podSelector).toEqual({
      matchExpressions: [{ key: "spark-role", operator: "In", values: ["driver", "executor"] }],
    });
  });

  it("show a driver's UI to nobody who is not named", () => {
    expect(policies).not.toHaveProperty("driver-observed");
  });
});

describe("a Spark platform", () => {
  it("is made of these resources, by stable names", async () => {
    expect(namesOf(await graphOf(() => new SparkPlatform("spark", fullPlatform)))).toMatchSnapshot();
  });

  it("has these manifests", async () => {
    const graph = await graphOf(() => new SparkPlatform("spark", fullPlatform));
    const of = (type: string) => graph.filter((resource) => resource.type.includes(type)).map(({ inputs }) => inputs);
    expect(of(":Deployment")).toMatchSnapshot();
    expect(of("NetworkPolicy")).toMatchSnapshot();
    expect(of("PodMonitor")).toMatchSnapshot();
  });

  it("shows the storage's credentials to nobody", async () => {
    const graph = await graphOf(() => new SparkPlatform("spark", fullPlatform));
    expect(JSON.stringify(graph)).toContain("wJalrXUt-secret");
    expect(openText(graph)).not.toMatch(/wJalrXUt-secret|AKIDEXAMPLE/);
  });

  it("grows by a namespace without touching the others", async () => {
    const before = await graphOf(() => new SparkPlatform("spark", fullPlatform));
    const namespaces = { ...fullPlatform.namespaces, beta: {} };
    const after = await graphOf(() => new SparkPlatform("spark", { ...fullPlatform, namespaces }));
    const changed = before.filter(
      (resource) => !after.some((other) => JSON.stringify(other) === JSON.stringify(resource)),
    );
    expect(namesOf(changed)).toEqual(["kubernetes:helm.sh/v3:Release spark-operator"]);
  });

  it("takes an operator that is there already", async () => {
    const graph = await graphOf(() => new SparkPlatform("spark", { ...fullPlatform, operator: { install: false } }));
    expect(namesOf(graph).filter((name) => name.includes("Release") || name.includes("webhook"))).toEqual([]);
    expect(namesOf(graph)).toContain("kubernetes:core/v1:Namespace spark-physics");
  });

  it("says its namespaces once applications can run there", async () => {
    let names: Record<string, string> | undefined;
    await graphOf(() => void new SparkPlatform("spark", fullPlatform).namespaces.apply((is) => (names = is)));
    expect(names).toEqual({ alpha: "alpha", physics: "physics" });
  });

  it("says everything that is wrong at once", async () => {
    const wrong = {
      namespaces: { "spark-system": { egress: [{ name: "EOS", cidrs: [], ports: [70_000] }] } },
      apiServer: { cidrs: ["10.0.0.1"] },
      eventLogs: { bucket: "logs" },
      history: { image: "docker.io/apache/spark:4.0.4", keepDays: 0 },
    };
    await expect(graphOf(() => new SparkPlatform("spark", wrong))).rejects.toThrow(
      /8 problems:[^]*operator's own namespace[^]*`apiServer.cidrs` must be networks[^]*got "EOS"[^]*would allow every address[^]*got 70000[^]*needs `store`[^]*no S3 connector[^]*keepDays/,
    );
  });
});
