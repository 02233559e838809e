import { describe, expect, it } from "vitest";

import { planStandalone, type StandalonePlanArgs, withSecret } from "../../components/analysis/spark/standalone";
import { StandaloneSpark, type StandaloneSparkArgs } from "../../components/analysis/spark/StandaloneSpark";
import { opened, openText } from "../support/analysis/manifests";
import { graphOf, type Registered } from "../support/graph";

const store = { endpoint: "https://s3.example.org" };
const credentials = { accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUt" };
const swarm: StandaloneSparkArgs = {
  ...{ on: "swarm", stack: "openstack-fabric/swarm", image: "registry.example.org/spark-s3:4.0.4" },
  ...{ store, credentials, eventLogs: { bucket: "spark-logs" }, history: true },
  workers: { replicas: 8, cores: 4, memory: "8g" },
};
const host: StandaloneSparkArgs = {
  on: "host",
  stack: "openstack-fabric/local",
  publish: { master: 28_080, history: 28_081 },
};

const plan = (more: Partial<StandalonePlanArgs> = {}) => planStandalone({ on: "host", prefix: "here", ...more });
const namesOf = (graph: Registered[]) => graph.map(({ type, name }) => `${type} ${name}`);

describe("a standalone cluster's daemons", () => {
  it("all authenticate and encrypt, by one secret that is in no plan", () => {
    const { daemons, client } = plan({ history: true });
    for (const { role, conf } of daemons.filter(({ role }) => role !== "history")) {
      expect(conf, role).toMatchObject({ "spark.authenticate": "true", "spark.network.crypto.enabled": "true" });
      expect(conf["spark.network.crypto.saslFallback"]).toBe("false");
    }
    expect(client["spark.io.encryption.enabled"]).toBe("true");
    expect(withSecret(client, "x")).toContain("spark.authenticate.secret x\n");
  });

  it("are one service of many workers on a Swarm, and a container each on a host", () => {
    const workers = { replicas: 3 };
    const of = (on: "swarm" | "host") => plan({ on, workers }).daemons.map(({ name, replicas }) => [name, replicas]);
    expect(of("swarm")).toEqual([
      ["here-master", 1],
      ["here-worker", 3],
    ]);
    expect(of("host")).toEqual([
      ["here-master", 1],
      ["here-worker-01", 1],
      ["here-worker-02", 1],
      ["here-worker-03", 1],
    ]);
  });

  it("give a worker's container room for its executors, their overhead and itself", () => {
    const [, worker] = plan({ workers: { memory: "8g", cores: 4 } }).daemons;
    expect(worker).toMatchObject({ memoryMiB: 1024 + 8192 + 3276, cores: 4 });
    expect(worker?.command.join(" ")).toContain("--cores 4 --memory 8192m");
  });

  it("are refused with everything that is wrong", () => {
    const wrong: StandalonePlanArgs = {
      ...{ on: "swarm", prefix: "Here", image: "spark", history: true, workers: { replicas: 0, memory: "1" } },
      published: { ip: "0.0.0.0" },
    };
    expect(() => planStandalone(wrong)).toThrow(
      /8 problems:[^]*`image`[^]*`sparkVersion`[^]*`publish` is for one host[^]*loopback address[^]*`history` on a Swarm needs `eventLogs`[^]*got "Here"[^]*replicas[^]*`workers.memory`/,
    );
    expect(() => planStandalone({ on: "host", prefix: "here", store: { ...store, credentials: "c" } })).toThrow(
      /2 problems:[^]*no S3 connector[^]*`credentials` are missing/,
    );
  });
});

describe("a standalone cluster", () => {
  it("is made of these resources on a Swarm", async () => {
    expect(namesOf(await graphOf(() => new StandaloneSpark("spark", swarm)))).toMatchSnapshot();
  });

  it("is made of these resources on one host", async () => {
    expect(namesOf(await graphOf(() => new StandaloneSpark("spark", host)))).toMatchSnapshot();
  });

  it("has an encrypted overlay on a Swarm, publishes nothing there, and gives properties as secrets", async () => {
    const graph = await graphOf(() => new StandaloneSpark("spark", swarm));
    expect(graph.find(({ type }) => type.includes(":Network"))?.inputs).toMatchObject({
      ...{ driver: "overlay", options: { encrypted: "" } },
    });
    const services = graph.filter(({ type }) => type.includes(":Service"));
    expect(services).toHaveLength(3);
    for (const { inputs } of services) {
      expect(inputs["endpointSpec"]).toEqual({ mode: "dnsrr" });
      const task = opened(inputs["taskSpec"]);
      expect(task).toMatchObject({ containerSpec: { capDrops: ["ALL"], user: "185" } });
      const { containerSpec } = task as { containerSpec: { secrets: unknown[] } };
      expect(containerSpec.secrets).toEqual([expect.objectContaining({ fileUid: "185", fileMode: 0o400 })]);
    }
    expect(openText(graph)).not.toMatch(/wJalrXUt|AKIDEXAMPLE|spark-secret-secret/);
  });

  it("publishes UIs of one host on loopback, and nothing that is not asked for", async () => {
    const portsOf = async (args: StandaloneSparkArgs) =>
      (await graphOf(() => new StandaloneSpark("spark", args)))
        .filter(({ type }) => type.includes(":Container"))
        .flatMap(({ inputs }) => inputs["ports"]);
    expect(await portsOf(host)).toEqual([
      { internal: 18_080, external: 28_081, ip: "127.0.0.1" },
      { internal: 8080, external: 28_080, ip: "127.0.0.1" },
    ]);
    expect(await portsOf({ ...host, publish: undefined })).toEqual([]);
  });

  it("grows on one host by a container, and leaves the others", async () => {
    const before = await graphOf(() => new StandaloneSpark("spark", host));
    const after = await graphOf(() => new StandaloneSpark("spark", { ...host, workers: { replicas: 3 } }));
    const texts = before.map((resource) => JSON.stringify(resource));
    expect(namesOf(after.filter((resource) => !texts.includes(JSON.stringify(resource))))).toEqual([
      "docker:index/container:Container spark-worker-03",
      "openstack-fabric:index:HostDaemon spark-worker-03",
    ]);
  });
});
