import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";

import { type Listing, listCloud } from "../../tools/sandbox/listing";
import { ensurePlugin } from "../../tools/workspace/plugins";
import { CHECKOUT, removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { sparkCrds } from "../support/analysis/sparkCrd";
import { kubernetesPlugin } from "../support/kubernetes/testPlugin";
import { userCloud } from "../support/sandbox/cloud";
import { ensureKubernetes, kubeconfigsOf } from "./support/kubernetes";
import { destroy, expectRefused, makeStack, plannedOperations, reconfigure, run, stateOf, up } from "./support/stack";

const toolchain = join(CHECKOUT, "sandbox/toolchain/toolchain");
const DIMUON = join(CHECKOUT, "examples/dimuon/analysis.yaml");
const SEEDED = "seeded-object-store-key";

const CLUSTERS = {
  cloud: { release: "2026.1" },
  network: { zones: ["az-1"], cidr: "10.31.0.0/16", external: "public" },
  clusters: {
    templates: { small: { from: "kubernetes/small", image: "fedora-coreos", flavor: "m1.small" } },
    clusters: { physics: { template: "small", nodes: 1, nodeGroups: { spark: { nodes: 2, flavor: "m1.large" } } } },
  },
};

const SPARK = {
  operator: { install: false },
  namespaces: { jobs: { quota: { pods: "1000" } } },
  store: { endpoint: "https://objects.example.org" },
  credentials: { accessKey: "analyses", secretKey: "" },
  eventLogs: { bucket: "logs" },
  history: { image: "registry.example.org/analysis/spark:4.0.4-s3" },
};

const DATA = {
  cvmfs: { install: false, repositories: ["sft.cern.ch"] },
  eos: { install: false, instances: { experiment: { host: "eos.example.org" } } },
  canary: { image: "docker.io/library/python:3.13.9-slim" },
};

/** A hub but for its default profile. */
const HUB = {
  profiles: {
    small: {
      displayName: "Small",
      image: "quay.io/jupyter/base-notebook:2026-10-01",
      cores: { guarantee: 1 },
      memoryGiB: { guarantee: 2 },
    },
  },
  login: { kind: "shared-password", accept: ["shared-password"], everyone: true },
};

const analysis = (parameters: object = {}) => ({
  cluster: "physics",
  spark: SPARK,
  data: DATA,
  analyses: { dimuon: { definition: DIMUON, parameters, nodeGroups: ["spark"] } },
});

/** What a storage driver would make: nothing provisions volumes here. */
function volume(name: string, mode: string): string {
  const spec = {
    ...{ capacity: { storage: "1Gi" }, accessModes: [mode], storageClassName: name },
    hostPath: { path: `/${name}` },
  };
  return stringify({ apiVersion: "v1", kind: "PersistentVolume", metadata: { name }, spec });
}

describe("the analysis layer on a cluster of its stack", () => {
  let stack: Workspace;
  let before: Listing;
  let kubeconfig: string;

  beforeAll(async () => {
    await ensureKubernetes();
    stack = await makeStack("ana", CLUSTERS, { ...(await userCloud()), ...(await kubernetesPlugin()) });
    before = await listCloud(stack);
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    const file = join(stack.dir, "kubeconfig");
    writeFileSync(file, (await kubeconfigsOf(stack))["physics"] ?? "", { mode: 0o600 });
    kubeconfig = file;
    const made = [
      ...(await sparkCrds()).map((crd) => stringify(crd)),
      volume("cvmfs", "ReadOnlyMany"),
      volume("eos", "ReadWriteMany"),
    ];
    await kubectl(["apply", "--server-side", "-f", "-"], made.join("---\n"));
  }, 1_800_000);
  afterAll(() => removeWorkspace(stack));

  async function kubectl(args: string[], input?: string): Promise<string> {
    const command = ["run", "--", "kubectl", "--kubeconfig", kubeconfig, ...args];
    const { exitCode, all } = await execa(toolchain, command, { reject: false, all: true, input });
    expect(exitCode, all).toBe(0);
    return all;
  }

  /** Gives the stack an analysis layer, whose secret is encrypted as a user would do it. */
  async function configure(layer: object): Promise<void> {
    reconfigure(stack, { ...CLUSTERS, analysis: layer });
    const path = "openstack-fabric:analysis.spark.credentials.secretKey";
    const { exitCode, output } = await run(stack, "config", "set", "--secret", "--path", path, SEEDED);
    expect(exitCode, output).toBe(0);
  }

  /** Names of what is there of a kind. */
  const namesOf = async (kind: string, ...args: string[]) =>
    (await kubectl(["get", kind, "-o", "name", ...args])).split("\n").filter((line) => line !== "");

  it("goes up: the API server takes every manifest strictly, and what runs there becomes ready", async () => {
    await configure(analysis());
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    expect(await namesOf("sparkapplications", "-n", "jobs")).toEqual([
      expect.stringMatching(/^sparkapplication\.sparkoperator\.k8s\.io\/dimuon-[0-9a-f]{12}$/),
    ]);
    const columns = "jsonpath={.status.availableReplicas}";
    expect(await kubectl(["get", "deployment", "-n", "spark-system", "-o", columns.replace("{.", "{.items[0].")])).toBe(
      "1",
    );
    expect(await kubectl(["get", "pvc", "-n", "jobs", "-o", "jsonpath={.items[*].status.phase}"])).toBe("Bound Bound");
  });

  it("changes nothing when nothing changed", async () => {
    const { exitCode, output } = await run(stack, "preview", "--expect-no-changes");
    expect(exitCode, output).toBe(0);
  });

  it("closes its namespaces and holds their pods to Kubernetes' restricted level", async () => {
    for (const namespace of ["jobs", "spark-system"]) {
      expect(await namesOf("networkpolicies", "-n", namespace)).toContain(
        "networkpolicy.networking.k8s.io/default-deny",
      );
      const enforced = String.raw`jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}`;
      expect(await kubectl(["get", "namespace", namespace, "-o", enforced])).toBe("restricted");
    }
  });

  it("keeps the object storage's key out of the state and the outputs", async () => {
    const state = JSON.stringify(await stateOf(stack));
    const base64 = Buffer.from(SEEDED).toString("base64");
    for (const text of [state, (await run(stack, "stack", "output", "--json")).output]) {
      expect(text).not.toContain(SEEDED);
      expect(text).not.toContain(base64);
    }
    const stored = await kubectl([
      "get",
      "secret",
      "spark-object-store",
      "-n",
      "jobs",
      "-o",
      "jsonpath={.data.secret-key}",
    ]);
    expect(stored).toBe(base64);
  });

  it("runs an analysis again for another parameter, and touches nothing else", async () => {
    await configure(analysis({ seed: 2 }));
    const touched = Object.keys(await plannedOperations(stack)).map((urn) => urn.split(" ").at(-1));
    expect(touched.sort()).toEqual(["analysis-dimuon", "analysis-dimuon-files"]);
    const [first] = await namesOf("sparkapplications", "-n", "jobs");
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    const [second, ...others] = await namesOf("sparkapplications", "-n", "jobs");
    expect(others).toEqual([]);
    expect(second).not.toBe(first);
  });

  it("refuses at preview an executor that no node has room for", async () => {
    const file = join(stack.dir, "large.yaml");
    const definition = {
      ...{ name: "large", runs: "spark", image: "registry.example.org/analysis/spark:4.0.4", sparkVersion: "4.0.4" },
      code: { files: ["main.py"], entry: "main.py" },
      outputs: { to: "s3a://analyses/results", files: ["sum.json"] },
      resources: { driver: { cores: 1, memory: "1Gi" }, executor: { cores: 2, memory: "900Gi", instances: 2 } },
    };
    writeFileSync(file, stringify(definition));
    writeFileSync(join(stack.dir, "main.py"), "def run(context):\n    pass\n");
    const large = { ...analysis(), analyses: { large: { definition: file } } };
    await configure(large);
    const { exitCode, output } = await run(stack, "preview");
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/executor[^\n]*(no node|larger|room)/i);
  });

  it("goes down and leaves the cluster, and then the cloud, as they were", async () => {
    reconfigure(stack, CLUSTERS);
    const removed = await up(stack);
    expect(removed.exitCode, removed.output).toBe(0);
    const namespaces = await namesOf("namespaces");
    expect(namespaces).not.toContain("namespace/jobs");
    expect(namespaces).not.toContain("namespace/spark-system");
    const { exitCode, output } = await destroy(stack);
    expect(exitCode, output).toBe(0);
    expect(await listCloud(stack)).toEqual(before);
  });
});

describe("an analysis layer whose cluster is not there yet", () => {
  async function expectPreviewed(
    name: string,
    sections: object,
    env: Record<string, string>,
    made: RegExp,
  ): Promise<void> {
    const stack = await makeStack(name, sections as Record<string, unknown>, env);
    try {
      const { exitCode, output } = await run(stack, "preview");
      expect(exitCode, output).toBe(0);
      expect(output).toMatch(made);
    } finally {
      removeWorkspace(stack);
    }
  }

  it("previews with its cluster, charts and hub, without a cloud", async () => {
    const drivers = {
      cvmfs: { repositories: ["sft.cern.ch"], proxy: "http://squid.example.org:3128" },
      eos: { instances: { experiment: { host: "eos.example.org" } }, keytab: "keytab" },
    };
    const layer = { ...analysis(), spark: { ...SPARK, operator: {}, credentials: { accessKey: "a", secretKey: "b" } } };
    const sections = { ...CLUSTERS, analysis: { ...layer, data: drivers, hub: { ...HUB, defaultProfile: "small" } } };
    await expectPreviewed("ana-all", sections, await kubernetesPlugin(), /helm\.sh\/v3:Release\s+hub/);
  });

  it("previews Spark's own cluster on one Docker host", async () => {
    const sections = {
      ...{ cloud: { release: "2026.1" }, docker: {} },
      analysis: { standalone: { on: "host", publish: { master: 28080 } } },
    };
    const env = { ...(await ensurePlugin("docker")), DOCKER_HOST: "unix:///nonexistent/docker.sock" };
    await expectPreviewed("ana-host", sections, env, /docker:index:Container\s+spark-master/);
  });
});

describe("an analysis layer that cannot work", () => {
  const alone = { kubeconfig: "{}", apiServer: { cidrs: ["10.0.0.0/8"] } };
  const refused = (name: string, layer: object, reason: RegExp) =>
    expectRefused(name, { analysis: { ...alone, ...layer } }, reason);

  it("is refused without a proxy for CVMFS", () =>
    refused("ana-proxy", { data: { cvmfs: { repositories: ["sft.cern.ch"] } } }, /analysis\.data\.cvmfs\.proxy/));

  it("is refused with a default profile that does not exist", () =>
    refused("ana-profile", { hub: { ...HUB, defaultProfile: "large" } }, /analysis\.hub\.defaultProfile.*large/));

  it("is refused with an image that has no tag", () =>
    refused(
      "ana-tag",
      { spark: { namespaces: { jobs: {} }, history: { image: "registry.example.org/spark" } } },
      /analysis\.spark\.history\.image.*tag/,
    ));

  it("is refused where nothing says what it runs on", () =>
    expectRefused("ana-none", { analysis: { spark: { namespaces: { jobs: {} } } } }, /analysis\.cluster.*missing/));
});
