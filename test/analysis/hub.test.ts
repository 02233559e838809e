import { readFileSync } from "node:fs";

import type { types } from "@pulumi/kubernetes";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import type { HubValues } from "../../components/analysis/hub/hubPlan";
import type { HubLogin } from "../../components/analysis/hub/login";
import { hubScript } from "../support/analysis/hubEnv";
import { hubPlan } from "../support/analysis/hubSettings";
import { authUrl, userCloud } from "../support/sandbox/cloud";

interface Spawned {
  refused?: string;
  pod: { metadata: { labels: Record<string, string> }; spec: types.output.core.v1.PodSpec };
  pvc: { spec: types.output.core.v1.PersistentVolumeClaimSpec } | null;
}

const GiB = 2 ** 30;

describe("a server of the hub, as KubeSpawner itself makes it", () => {
  const made: Record<string, Spawned> = {};

  beforeAll(async () => {
    const spawns = [
      { as: "default", profile: null, groups: [] },
      { as: "spark", profile: "spark", groups: [] },
      { as: "gpu", profile: "gpu", groups: ["ml"] },
      { as: "outsider", profile: "gpu", groups: ["others"] },
    ];
    const { values } = hubPlan();
    const pods = await hubScript<Spawned[]>("spawn.py", { values, spawns });
    spawns.forEach(({ as }, index) => (made[as] = pods[index] as Spawned));
  });

  const notebook = (as: string) => {
    const [container] = made[as]?.pod.spec.containers ?? [];
    if (container === undefined) throw new Error(`no server ${as}: ${made[as]?.refused}`);
    return container;
  };

  it("is of the default profile when a user chooses none, with its image, guarantees and limits", () => {
    expect(notebook("default")).toMatchObject({
      image: "quay.io/jupyter/scipy-notebook:2026-10-05",
      resources: { requests: { cpu: 0.5, memory: GiB }, limits: { cpu: 2, memory: 4 * GiB } },
    });
  });

  it("has /cvmfs and /eos, and a home of the user's own", () => {
    for (const as of ["default", "spark", "gpu"])
      expect(notebook(as).volumeMounts).toEqual(
        expect.arrayContaining([
          { name: "cvmfs", mountPath: "/cvmfs", readOnly: true, mountPropagation: "HostToContainer" },
          { name: "eos", mountPath: "/eos", mountPropagation: "HostToContainer" },
          expect.objectContaining({ mountPath: "/home/jovyan", name: "volume-alice" }),
        ]),
      );
    expect(made["default"]?.pvc?.spec).toMatchObject({
      ...{ storageClassName: "cinder", resources: { requests: { storage: "10Gi" } } },
    });
  });

  it("has its GPU on both sides, on nodes of the role, past their taint and those of nodes for users", () => {
    const { spec } = made["gpu"]?.pod ?? expect.fail("no pod");
    expect(notebook("gpu").resources).toMatchObject({
      ...{ requests: { "nvidia.com/gpu": "1" }, limits: { "nvidia.com/gpu": "1" } },
    });
    expect(spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms).toEqual([
      { matchExpressions: [{ key: "magnum.openstack.org/role", operator: "In", values: ["gpu"] }] },
    ]);
    expect(spec.tolerations.map(({ key }) => key)).toEqual([
      ...["hub.jupyter.org/dedicated", "hub.jupyter.org_dedicated", "nvidia.com/gpu"],
    ]);
  });

  it("is refused to a user whose groups do not have the profile", () => {
    expect(made["outsider"]?.refused).toMatch(/No such profile: gpu. Options include: small, spark/);
  });

  it("tells Spark the pod's address, which must stand before what names it", () => {
    const names = notebook("spark").env.map(({ name }) => name);
    expect(names.indexOf("POD_IP")).toBeLessThan(names.indexOf("PYSPARK_SUBMIT_ARGS"));
    expect(notebook("spark").env).toContainEqual({
      ...{ name: "PYSPARK_SUBMIT_ARGS", value: "--conf spark.driver.host=$(POD_IP) pyspark-shell" },
    });
  });

  it("may ask Kubernetes for executors with Spark, and for nothing without", () => {
    expect(made["spark"]?.pod.spec).toMatchObject({
      ...{ serviceAccountName: "notebook-spark", automountServiceAccountToken: true },
    });
    expect(made["spark"]?.pod.metadata.labels).toMatchObject({ "openstack-fabric/spark-driver": "true" });
    expect(made["default"]?.pod.spec.automountServiceAccountToken).toBe(false);
    expect(made["default"]?.pod.spec.serviceAccountName).toBeUndefined();
  });

  it("has nothing that the pod security level `restricted` refuses", () => {
    for (const as of ["default", "spark", "gpu"]) {
      const { spec } = made[as]?.pod ?? expect.fail("no pod");
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      for (const { securityContext } of [...spec.containers, ...spec.initContainers])
        expect(securityContext).toMatchObject({
          ...{ allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, runAsUser: 1000 },
        });
      expect(spec.volumes.some((volume) => volume.hostPath !== undefined)).toBe(false);
    }
  });
});

interface LoggedIn {
  class: string;
  users: ({ name: string; groups: string[] } | null)[];
}
type Login = { username: string; password: string };

/** Asks the hub's own classes, all in one run: they take long to load. */
const logIn = (cases: { values: HubValues; logins: Login[] }[]) => hubScript<LoggedIn[]>("login.py", cases);

describe("a login of the hub", () => {
  it("is configured with options that the hub's own classes have, whatever its kind", async () => {
    const kinds: HubLogin[] = [
      { kind: "native", accept: ["native"], users: ["alice"] },
      { kind: "shared-password", accept: ["shared-password"], everyone: true },
    ];
    const plans = [hubPlan(), ...kinds.map((login) => hubPlan({ login }))];
    const made = await logIn(plans.map(({ values }) => ({ values, logins: [] })));
    expect(made.map((one) => one.class)).toEqual([
      ...["GenericOAuthenticator", "NativeAuthenticator", "DummyAuthenticator"],
    ]);
  });

  it("is Keystone's own: its users with a role in the project come in, and bring their roles as groups", async () => {
    const env = await userCloud();
    const { clouds } = parse(readFileSync(env["OS_CLIENT_CONFIG_FILE"] ?? "", "utf8")) as {
      clouds: Record<string, { auth: Login & { project_name: string } }>;
    };
    const { username, password, project_name } = clouds["sandbox"]?.auth ?? expect.fail("no cloud");
    const url = await authUrl();
    const logins = [
      { username: `Default\\${username}`, password },
      { username, password: "wrong" },
      { username: "nobody", password },
    ];
    const withRoles = (groups: string[], project: string) => {
      const keystone = { authUrl: "https://keystone.example.org/v3", project };
      const { values } = hubPlan({ login: { kind: "keystone", keystone, groups } });
      // The sandbox's answers on loopback, without TLS.
      const config = values.hub["config"] as Record<string, Record<string, unknown>>;
      config["KeystoneAuthenticator"] = { ...config["KeystoneAuthenticator"], auth_url: url };
      return { values, logins };
    };
    const [member, other, elsewhere] = await logIn([
      withRoles(["member"], project_name),
      withRoles(["somebody-else"], project_name),
      withRoles(["member"], "no-such-project"),
    ]);
    expect(member?.users[0]).toMatchObject({ name: username });
    expect(member?.users[0]?.groups).toContain("member");
    expect(member?.users.slice(1)).toEqual([null, null]);
    expect(other?.users).toEqual([null, null, null]);
    expect(elsewhere?.users).toEqual([null, null, null]);
  });
});
