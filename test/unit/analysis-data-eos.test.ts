import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { canaryArguments, canaryPaths, canaryPod, sparkCanarySpec } from "../../components/analysis/data/canaryPlan";
import { planEos } from "../../components/analysis/data/eosPlan";
import type { EosSettings } from "../../components/analysis/data/eosSettings";
import {
  checkEosToken,
  eosTokenJob,
  eosTokenNames,
  eosTokenPorts,
  eosTokenRules,
} from "../../components/analysis/data/eosTokenPlan";
import { dataMounts } from "../../components/analysis/data/mounts";

const eos = (over: Partial<EosSettings> = {}): EosSettings => ({
  instances: { experiment: { host: "eospublic.cern.ch" } },
  ...over,
});

describe("EOS", () => {
  interface EosValues {
    extraConfigMaps: Record<string, Record<string, string>>;
    nodeplugin: { extraVolumes: { name: string; configMap?: { name: string }; secret?: { secretName: string } }[] };
  }
  const eosValues = (settings: EosSettings) => planEos(settings).values as unknown as EosValues;

  it("mounts each instance below /eos by the automounter's map and a client of its own", () => {
    const files = eosValues(
      eos({
        instances: { experiment: { host: "eospublic.cern.ch" }, mine: { host: "eos.cern.ch:1094", path: "/eos/x" } },
      }),
    ).extraConfigMaps["eos-csi-etc-eos"];
    expect(files?.["auto.eos"]).toBe(
      "experiment -fstype=eosx,fsname=experiment :eosxd\nmine -fstype=eosx,fsname=mine :eosxd\n",
    );
    expect(JSON.parse(files?.["fuse.mine.conf"] ?? "")).toEqual({
      ...{ name: "mine", hostport: "eos.cern.ch:1094", remotemountdir: "/eos/x/" },
      auth: { krb5: 0, sss: 1, oauth2: 0, ssskeytab: "/etc/eos.keytab" },
    });
    expect(JSON.parse(files?.["fuse.experiment.conf"] ?? "")).toMatchObject({ remotemountdir: "/eos/experiment/" });
  });

  it("mounts our configuration in place of the chart's, to which Helm would only add", () => {
    const { extraVolumes } = eosValues(eos()).nodeplugin;
    expect(extraVolumes.find(({ name }) => name === "etc-eos")?.configMap?.name).toBe("eos-csi-etc-eos");
  });

  it("lets a pod's token count with oauth2, which travels within SSS, and its ticket with kerberos", () => {
    const auth = (login: EosSettings["login"]) =>
      (
        JSON.parse(eosValues(eos({ login })).extraConfigMaps["eos-csi-etc-eos"]?.["fuse.conf"] ?? "") as {
          auth: object;
        }
      ).auth;
    expect(auth("oauth2")).toEqual({ krb5: 0, sss: 1, oauth2: 1, ssskeytab: "/etc/eos.keytab" });
    expect(auth("kerberos")).toEqual({ krb5: 1, sss: 0, oauth2: 0 });
  });

  it("refuses the chart's keytab for an instance that is not CERN's", () => {
    const foreign = eos({ instances: { data: { host: "eos.example.org" } } });
    expect(() => planEos(foreign)).toThrow(/keytab` is missing: `eos\.example\.org`/);
    expect(planEos({ ...foreign, login: "kerberos" }).install).toBe(true);
    const { extraVolumes } = eosValues({ ...foreign, keytabSecret: "mine" }).nodeplugin;
    expect(extraVolumes.find(({ name }) => name === "etc-eos-keytab")?.secret?.secretName).toBe("mine");
  });

  it("refuses names that are no folders, hosts that are none, and nothing to mount", () => {
    expect(() => planEos(eos({ instances: { "A/b": { host: "eos cern", path: "x" } }, keytabSecret: "k" }))).toThrow(
      /3 problems:/,
    );
    expect(() => planEos({ instances: {} })).toThrow(/instances` is empty/);
  });
});

describe("the mounts of a pod", () => {
  const credential = { kind: "oauth2" as const, secret: "eos-token", image: "busybox:1.37.0" };

  it("are both together, and see what is mounted later", () => {
    const { volumes, volumeMounts } = dataMounts({ cvmfs: {}, eos: {} }, 185);
    expect(volumes.map((volume) => [volume.name, volume.persistentVolumeClaim])).toEqual([
      ["cvmfs", { claimName: "cvmfs" }],
      ["eos", { claimName: "eos" }],
    ]);
    expect(volumeMounts).toEqual([
      { name: "cvmfs", mountPath: "/cvmfs", readOnly: true, mountPropagation: "HostToContainer" },
      { name: "eos", mountPath: "/eos", mountPropagation: "HostToContainer" },
    ]);
    expect(dataMounts({ eos: {} }, 185).volumes).toHaveLength(1);
  });

  it("give EOS a token that the pod's user alone owns, copied before the pod's containers begin", () => {
    const { env, initContainers, volumes } = dataMounts({ eos: { credential } }, 185);
    expect(env).toEqual([{ name: "OAUTH2_TOKEN", value: "FILE:/var/run/eos-credential/token" }]);
    expect(initContainers).toMatchObject([
      { restartPolicy: "Always", securityContext: { runAsUser: 185, allowPrivilegeEscalation: false } },
    ]);
    // A single file of a Secret (`subPath`) would never be renewed.
    expect(JSON.stringify(initContainers)).not.toContain("subPath");
    expect(volumes).toContainEqual({
      name: "eos-credential-source",
      secret: { secretName: "eos-token", items: [{ key: "token", path: "token" }] },
    });
  });

  it("refuse a sidecar without a tag", () => {
    expect(() => dataMounts({ eos: { credential: { ...credential, image: "busybox" } } }, 185)).toThrow(
      /a tag other than latest/,
    );
  });
});

describe("EOS's token", () => {
  const settings = {
    ...{ tokenUrl: "https://idp.example.org:8443/token", userinfo: "idp.example.org/userinfo", clientId: "me" },
    image: "python:3.13.9-slim",
  };
  const names = eosTokenNames("eos-token");

  it("is refused over plain HTTP, from an image without a tag, and with a userinfo that EOS would not read", () => {
    const wrong = { ...settings, tokenUrl: "http://idp/token", image: "python", userinfo: "https://idp/userinfo" };
    expect(() => checkEosToken(wrong, "t")).toThrow(/3 problems:[\s\S]*t\.image[\s\S]*t\.tokenUrl[\s\S]*t\.userinfo/);
    expect(() => checkEosToken({ ...settings, schedule: "hourly" }, "t")).toThrow(/t\.schedule/);
  });

  it("is renewed by an account that may touch its two Secrets only, and not read the token", () => {
    checkEosToken(settings, "t");
    expect(eosTokenRules(names)).toEqual([
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["eos-token-kept"], verbs: ["get"] },
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["eos-token", "eos-token-kept"], verbs: ["patch"] },
    ]);
    expect(eosTokenPorts(settings)).toEqual([443, 6443, 8443]);
  });

  it("passes no secret on the command line", () => {
    const { template } = eosTokenJob(settings, names, {}, "c") as { template: { spec: object } };
    expect(template.spec).toMatchObject({ containers: [{ command: expect.not.arrayContaining(["me"]) as unknown }] });
    expect(template.spec).toMatchObject({
      volumes: [{ name: "code" }, { secret: { secretName: "eos-token-client" } }],
    });
  });
});

describe("the canary", () => {
  const pod = {
    ...{ image: "python:3.13.9-slim", timeout: 60, user: 1000, checksum: "c", labels: { app: "canary" } },
    mounts: dataMounts({ cvmfs: {}, eos: {} }, 185),
  };

  it("reads every repository and every instance, or the file named of it", () => {
    const subject = { repositories: ["sft.cern.ch"], instances: ["experiment"], files: { experiment: "/a/README" } };
    expect(canaryPaths(subject)).toEqual(["/cvmfs/sft.cern.ch", "/eos/experiment/a/README"]);
    expect(() => canaryPaths({})).toThrow(/nothing to read/);
    expect(() => canaryPaths({ repositories: ["sft.cern.ch"], files: { x: "y" } })).toThrow(/`canary\.files\.x`/);
  });

  it("is a restricted pod with the mounts of any other", () => {
    const { spec } = canaryPod(pod, "code", ["/cvmfs/sft.cern.ch"]);
    expect(spec).toMatchObject({ restartPolicy: "Never", securityContext: { runAsNonRoot: true } });
    expect(parse(JSON.stringify(spec))).toMatchObject({
      containers: [{ volumeMounts: [{ mountPath: "/cvmfs" }, { mountPath: "/eos" }, { mountPath: "/opt/canary" }] }],
    });
    expect(() => canaryPod({ ...pod, image: "python:latest" }, "code", ["/eos/x"])).toThrow(/`canary\.image`/);
  });

  it("mounts both into drivers and executors by pod templates, without a webhook", () => {
    const spec = sparkCanarySpec(
      { ...pod, image: "spark:4.1.1", sparkVersion: "4.1.1", executors: 3, serviceAccount: "spark" },
      ...(["code", ["/cvmfs/sft.cern.ch"]] as const),
    );
    for (const role of [spec.driver, spec.executor])
      expect(role.template.spec.containers[0]?.volumeMounts.map(({ mountPath }) => mountPath)).toEqual([
        "/cvmfs",
        "/eos",
        "/opt/canary",
      ]);
    expect(spec).not.toHaveProperty("volumes");
    expect(spec.executor.instances).toBe(3);
    expect(spec.arguments).toEqual(canaryArguments(["/cvmfs/sft.cern.ch"], 60, 3));
  });
});
