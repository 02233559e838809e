import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { Canary, type CanaryArgs } from "../../components/analysis/data/Canary";
import { Cvmfs } from "../../components/analysis/data/Cvmfs";
import { DataVolumes } from "../../components/analysis/data/DataVolumes";
import { Eos } from "../../components/analysis/data/Eos";
import { EosToken } from "../../components/analysis/data/EosToken";
import { graphOf, type Registered } from "../support/graph";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const namesOf = (graph: readonly Registered[]) => graph.map(({ type, name }) => `${type} ${name}`);
const inputsOf = (graph: readonly Registered[], name: string) =>
  graph.find((resource) => resource.name === name && !resource.type.startsWith("openstack-fabric:"))?.inputs;

const settings = { repositories: ["sft.cern.ch"], proxy: "http://squid.example.org:3128" };

describe("the CVMFS driver", () => {
  it("has stable names, in a namespace that admits privileged pods, with its shared cache", async () => {
    const graph = await graphOf(
      () => new Cvmfs("cvmfs", { settings: { ...settings, alienCache: { storageClass: "manila", size: "1Ti" } } }),
    );
    expect(namesOf(graph)).toMatchSnapshot();
    expect(inputsOf(graph, "cvmfs")).toMatchObject({
      metadata: { name: "cvmfs-csi", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    });
    expect(inputsOf(graph, "cvmfs-cache")).toMatchObject({
      metadata: { name: "cvmfs-alien-cache", namespace: "cvmfs-csi" },
      spec: { accessModes: ["ReadWriteMany"], storageClassName: "manila" },
    });
    expect(inputsOf(graph, "cvmfs-driver")).toMatchObject({
      ...{ chart: "oci://registry.cern.ch/kubernetes/charts/cvmfs-csi", version: "2.5.2", namespace: "cvmfs-csi" },
      values: { automountStorageClass: { create: true, name: "cvmfs" } },
    });
  });

  it("makes nothing where the cluster came with it", async () => {
    const graph = await graphOf(
      () => new Cvmfs("cvmfs", { settings: { install: false, repositories: ["sft.cern.ch"] } }),
    );
    expect(namesOf(graph)).toEqual(["openstack-fabric:index:Cvmfs cvmfs"]);
  });

  it("is refused without a proxy before anything of it is made", async () => {
    await expect(
      graphOf(() => new Cvmfs("cvmfs", { settings: { repositories: ["sft.cern.ch"] }, field: "data.cvmfs" })),
    ).rejects.toThrow(/`data\.cvmfs\.proxy` is missing/);
  });
});

describe("the EOS driver", () => {
  it("has stable names, and its keytab in a secret that only the driver mounts", async () => {
    const instances = { data: { host: "eos.example.org" } };
    const graph = await graphOf(() => new Eos("eos", { settings: { instances }, keytab: "0 u:me k:seeded" }));
    expect(namesOf(graph)).toMatchSnapshot();
    expect(JSON.stringify(inputsOf(graph, "eos-keytab"))).toContain("seeded");
    expect(JSON.stringify(graph.filter(({ type }) => type === RELEASE))).not.toContain("seeded");
    expect(JSON.stringify(inputsOf(graph, "eos-driver"))).toContain('"secretName":"eos-keytab"');
  });

  it("makes nothing where the cluster came with it", async () => {
    const settings = { install: false, instances: { experiment: { host: "eospublic.cern.ch" } } };
    expect(namesOf(await graphOf(() => new Eos("eos", { settings })))).toEqual(["openstack-fabric:index:Eos eos"]);
  });
});

describe("a namespace's data volumes", () => {
  it("claim each driver's class once, in the mode that it accepts", async () => {
    const graph = await graphOf(
      () => new DataVolumes("data", { namespace: "hub", instance: "prod", cvmfsClass: "cvmfs", eosClass: "eos" }),
    );
    expect(inputsOf(graph, "data-cvmfs")).toMatchObject({
      metadata: { name: "cvmfs", namespace: "hub" },
      spec: { accessModes: ["ReadOnlyMany"], storageClassName: "cvmfs" },
    });
    expect(inputsOf(graph, "data-eos")).toMatchObject({ spec: { accessModes: ["ReadWriteMany"] } });
    const cvmfsOnly = await graphOf(
      () => new DataVolumes("data", { namespace: "hub", instance: "prod", cvmfsClass: "cvmfs" }),
    );
    expect(namesOf(cvmfsOnly).filter((name) => name.includes("PersistentVolumeClaim"))).toHaveLength(1);
  });
});

describe("EOS's token", () => {
  const settings = {
    ...{ tokenUrl: "https://idp.example.org/token", userinfo: "idp.example.org/userinfo", clientId: "me" },
    image: "python:3.13.9-slim",
  };
  const args = { namespace: "hub", settings, clientSecret: "seeded-secret", refreshToken: "seeded-token" };

  it("has stable names, and secrets in its client's Secret alone", async () => {
    const graph = await graphOf(() => new EosToken("eos-token", args));
    expect(namesOf(graph)).toMatchSnapshot();
    for (const seeded of ["seeded-secret", "seeded-token"]) {
      expect(JSON.stringify(inputsOf(graph, "eos-token-client"))).toContain(seeded);
      expect(JSON.stringify(graph.filter(({ name }) => name !== "eos-token-client"))).not.toContain(seeded);
    }
  });
});

describe("the canary component", () => {
  const args: CanaryArgs = {
    namespace: "hub",
    subject: { repositories: ["sft.cern.ch"], instances: ["experiment"] },
    access: { cvmfs: {}, eos: {} },
    image: "docker.io/library/python:3.13.9-slim",
  };
  const spark = { image: "docker.io/apache/spark:4.1.1-python3", sparkVersion: "4.1.1", serviceAccount: "spark" };

  it("is a Job, a CronJob when asked, and a Spark application when asked, of the code in its folder", async () => {
    const graph = await graphOf(() => new Canary("canary", { ...args, schedule: "0 * * * *", spark }));
    expect(namesOf(graph)).toMatchSnapshot();
    const code = readFileSync(join(__dirname, "../../components/analysis/data/canary.py"), "utf8");
    expect(inputsOf(graph, "canary-code")).toMatchObject({ data: { "canary.py": code } });
    expect(namesOf(await graphOf(() => new Canary("canary", args)))).toHaveLength(3);
  });

  it("is waited for in Spark until it has completed, which a custom resource is not by itself", async () => {
    const graph = await graphOf(() => new Canary("canary", { ...args, spark }));
    expect(inputsOf(graph, "canary-spark")).toMatchObject({
      kind: "SparkApplication",
      metadata: { annotations: { "pulumi.com/waitFor": expect.stringContaining("=COMPLETED") as string } },
    });
  });
});
