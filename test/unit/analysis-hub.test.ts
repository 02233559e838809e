import { describe, expect, it } from "vitest";

import type { HubSettings } from "../../components/analysis/hub/hubSettings";
import type { HubLogin } from "../../components/analysis/hub/login";
import type { HubProfile } from "../../components/analysis/hub/profiles";
import { hubPlan, hubSettings } from "../support/analysis/hubSettings";

interface Values {
  hub: { config: Record<string, Record<string, unknown>>; extraConfig: Record<string, string>; existingSecret: string };
  proxy: { service: { type: string } };
  ingress: Record<string, unknown>;
  singleuser: {
    profileList: { slug: string; default?: true; kubespawner_override: Record<string, unknown> }[];
    networkPolicy: { ingress: unknown[]; egress: unknown[] };
    cloudMetadata: { blockWithIptables: boolean };
    storage: Record<string, unknown>;
  };
  cull: Record<string, unknown>;
}
const valuesOf = (over: Partial<HubSettings> = {}) => hubPlan(over).values as unknown as Values;
const profile = (over: Partial<HubProfile> = {}): HubSettings["profiles"] => ({
  small: { ...(hubSettings().profiles["small"] as HubProfile), ...over },
});
const only = (over: Partial<HubProfile>) => hubPlan({ profiles: profile(over), groupProfiles: {} });
const login = (over: Partial<HubLogin>): Partial<HubSettings> => ({ login: { ...hubSettings().login, ...over } });

describe("profiles", () => {
  it("are offered in the order given, one of them the default", () => {
    expect(valuesOf().singleuser.profileList.map(({ slug, default: chosen }) => [slug, chosen])).toEqual([
      ["small", true],
      ["spark", undefined],
      ["gpu", undefined],
    ]);
  });

  it("refuse an unknown one as the default and for a group, and say which there are", () => {
    expect(() => hubPlan({ defaultProfile: "large", groupProfiles: { ml: ["gpus"] } })).toThrow(
      /`analysis\.hub\.defaultProfile` names `large`.*`small`, `spark`, `gpu`[\s\S]*groupProfiles\.ml` names `gpus`/,
    );
  });

  it("refuse a default that most users would not see", () => {
    expect(() => hubPlan({ groupProfiles: { ml: ["small"] } })).toThrow(/keeps the default profile `small`/);
  });

  it("refuse an image without a tag, or with the one that means another image tomorrow", () => {
    expect(() => only({ image: "quay.io/jupyter/scipy-notebook" })).toThrow(
      /`analysis\.hub\.profiles\.small\.image` must be an image with a tag/,
    );
    expect(() => only({ image: "quay.io/jupyter/scipy-notebook:latest" })).toThrow(/tag other than latest/);
  });

  it("refuse a limit below what is guaranteed, and a part of a GPU", () => {
    expect(() => only({ cores: { guarantee: 4, limit: 2 }, gpus: 0.5 })).toThrow(
      /2 problems:[\s\S]*cores\.limit` must be the guarantee \(4\) or more[\s\S]*gpus` must be a whole number/,
    );
    expect(() => only({ memoryGiB: { guarantee: 0 } })).toThrow(/memoryGiB\.guarantee` must be more than 0/);
  });

  it("refuse Spark where nobody says where executors run", () => {
    expect(() => hubPlan({ spark: undefined })).toThrow(/profiles\.spark\.spark` needs to know where executors run/);
  });
});

describe("the hub", () => {
  it("opens nothing to the world by itself: an address in the cluster, no ingress", () => {
    const closed = valuesOf({
      expose: undefined,
      ...login({ kind: "keystone", keystone: { authUrl: "https://k/v3" }, groups: [], everyone: true }),
    });
    expect(closed.proxy.service.type).toBe("ClusterIP");
    expect(closed.ingress).toEqual({ enabled: false });
  });

  it("is exposed by an ingress with a certificate, and not without", () => {
    expect(valuesOf().ingress).toMatchObject({
      ...{ hosts: ["hub.example.org"], tls: [{ hosts: ["hub.example.org"], secretName: "hub-tls" }] },
      annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" },
    });
    const { ingress } = valuesOf({ expose: { host: "hub.example.org", tlsSecret: "mine" } });
    expect(ingress).toMatchObject({ tls: [{ secretName: "mine" }], annotations: {} });
    expect(() => hubPlan({ expose: { host: "hub.example.org" } })).toThrow(
      /`analysis\.hub\.expose` has no certificate/,
    );
    expect(() => hubPlan({ expose: { host: "hub", tlsSecret: "x" } })).toThrow(/expose\.host` must be/);
  });

  it("needs no privileged container, and leaves users' servers to their users", () => {
    const { singleuser, hub } = valuesOf();
    expect(singleuser.cloudMetadata.blockWithIptables).toBe(false);
    expect(hub.config["JupyterHub"]).toMatchObject({ admin_access: false });
  });

  it("stops what nobody uses, after an hour or as said, or never", () => {
    expect(valuesOf().cull).toMatchObject({ enabled: true, timeout: 3600, every: 600, maxAge: 0 });
    expect(valuesOf({ idle: { after: 300, atMost: 86_400 } }).cull).toMatchObject({
      ...{ timeout: 300, every: 300, maxAge: 86_400 },
    });
    expect(valuesOf({ idle: { after: 0 } }).cull).toMatchObject({ enabled: false });
  });

  it("keeps nothing of users without volumes for them", () => {
    expect(valuesOf({ home: undefined }).singleuser.storage).toMatchObject({ type: "none" });
    expect(valuesOf().singleuser.storage).toMatchObject({
      ...{ type: "dynamic", capacity: "10Gi", dynamic: { storageClass: "cinder" } },
    });
  });
});

describe("a login", () => {
  it("of OpenID Connect sends users back to the hub's own address", () => {
    expect(valuesOf().hub.config["GenericOAuthenticator"]).toMatchObject({
      ...{ oauth_callback_url: "https://hub.example.org/hub/oauth_callback", allowed_groups: ["physicists"] },
      ...{ manage_groups: true, auth_state_groups_key: "oauth_user.groups", admin_users: ["root"] },
    });
    expect(() => hubPlan({ expose: undefined })).toThrow(/oidc\.callbackUrl` is missing/);
  });

  it("needs its provider's addresses, by TLS", () => {
    expect(() => hubPlan(login({ oidc: undefined }))).toThrow(/login\.oidc` is missing/);
    const oidc = { clientId: "x", authorizeUrl: "http://idp/auth", tokenUrl: "idp", userinfoUrl: "https://idp/me" };
    expect(() => hubPlan(login({ oidc }))).toThrow(/2 problems:[\s\S]*authorizeUrl[\s\S]*tokenUrl/);
    expect(() => hubPlan(login({ kind: "keystone" }))).toThrow(/login\.keystone` is missing/);
    expect(() => hubPlan(login({ kind: "keystone", keystone: { authUrl: "http://k:5000/v3" } }))).toThrow(
      /2 problems:[\s\S]*authUrl` must be an https URL[\s\S]*keystone\.project` is missing/,
    );
  });

  it("by the hub's own passwords, or one for all, is used only when that is accepted", () => {
    for (const kind of ["native", "shared-password"] as const) {
      const settings = { kind, groups: [], users: ["alice"] };
      expect(() => hubPlan(login(settings))).toThrow(new RegExp(`accept: \\[${kind}\\]`));
      expect(hubPlan(login({ ...settings, accept: [kind] })).values.hub).toBeDefined();
    }
  });

  it("that lets nobody in is refused", () => {
    expect(() => hubPlan(login({ groups: [], admins: [] }))).toThrow(/lets nobody in/);
  });

  it("by Keystone brings its code along, and others do not", () => {
    const keystone = valuesOf(
      login({ kind: "keystone", keystone: { authUrl: "https://k:5000/v3/", project: "physics" } }),
    );
    expect(Object.keys(keystone.hub.extraConfig)).toEqual(["10-keystone", "20-profile-access"]);
    expect(keystone.hub.config["KeystoneAuthenticator"]).toMatchObject({
      ...{ auth_url: "https://k:5000/v3", user_domain: "Default", project: "physics", project_domain: "Default" },
    });
    expect(Object.keys(valuesOf({ groupProfiles: {} }).hub.extraConfig)).toEqual([]);
  });
});

describe("a session of Spark", () => {
  const session = (over: Partial<NonNullable<HubSettings["spark"]>> = {}) => {
    const { session: planned } = hubPlan({ spark: { image: "docker.io/apache/spark:4.1.1", ...over } });
    return planned ?? expect.fail("no session");
  };
  const confOf = (over = {}) =>
    Object.fromEntries(
      (session(over).files["spark-defaults.conf"] ?? "")
        .trim()
        .split("\n")
        .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
    ) as Record<string, string>;

  it("has its executors in a namespace of their own, where the hub's secrets are not", () => {
    expect(confOf()).toMatchObject({
      ...{ "spark.submit.deployMode": "client", "spark.kubernetes.namespace": "jupyterhub-executors" },
    });
    expect(hubPlan({ namespace: "hub" }).executorsNamespace).toBe("hub-executors");
  });

  it("gives executors back that it does not use, and never without tracking what they hold", () => {
    expect(confOf({ maxExecutors: 7 })).toMatchObject({
      "spark.dynamicAllocation.enabled": "true",
      "spark.dynamicAllocation.shuffleTracking.enabled": "true",
      "spark.dynamicAllocation.maxExecutors": "7",
    });
    expect(() => session({ conf: { "spark.dynamicAllocation.shuffleTracking.enabled": "false" } })).toThrow(
      /dynamic allocation without shuffle tracking/,
    );
    const fixed = {
      "spark.dynamicAllocation.enabled": "false",
      "spark.dynamicAllocation.shuffleTracking.enabled": "false",
    };
    expect(confOf({ conf: fixed })).toMatchObject(fixed);
  });

  it("refuses properties that its ports and namespaces depend on, and an image without a tag", () => {
    expect(() => session({ image: "apache/spark", conf: { "spark.driver.port": "1" } })).toThrow(
      /2 problems:[\s\S]*spark\.image[\s\S]*spark\.driver\.port` is decided by the hub/,
    );
  });

  it("opens exactly the ports that its configuration names, both ways", () => {
    const conf = confOf();
    const last = (first: string | undefined) => Number(first) + Number(conf["spark.port.maxRetries"]);
    const driver = {
      protocol: "TCP",
      port: Number(conf["spark.driver.port"]),
      endPort: last(conf["spark.driver.port"]),
    };
    const blocks = {
      ...{ protocol: "TCP", port: Number(conf["spark.blockManager.port"]) },
      endPort: last(conf["spark.blockManager.port"]),
    };
    const { notebook, executorPolicies } = session();
    expect(notebook.ingress).toMatchObject([{ ports: [driver, blocks] }]);
    expect(notebook.egress).toMatchObject([{ ports: [blocks] }, { ports: [{ port: 443 }, { port: 6443 }] }]);
    const policy = executorPolicies["executors-and-drivers"];
    expect(policy?.ingress).toMatchObject([{ ports: [blocks] }]);
    expect(policy?.egress).toMatchObject([{ ports: [driver, blocks] }, { ports: [blocks] }]);
  });

  it("mounts software and data into executors by their template, with a credential of their own user's", () => {
    const pod = JSON.parse(session().files["executor.yaml"] ?? "") as {
      spec: {
        containers: { name: string; volumeMounts: { mountPath: string }[] }[];
        initContainers: { securityContext: { runAsUser: number } }[];
        securityContext: object;
      };
    };
    expect(pod.spec.containers[0]?.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(
      expect.arrayContaining(["/cvmfs", "/eos"]),
    );
    expect(pod.spec.initContainers[0]?.securityContext.runAsUser).toBe(185);
    expect(pod.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 185 });
    expect(confOf()["spark.kubernetes.executor.podTemplateFile"]).toBe("/opt/notebook-spark/executor.yaml");
  });
});
