import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { destroy, plannedOperations, type Run, run, stateOf, up } from "../e2e/support/stack";
import { ControlPlane } from "../support/kubernetes/controlPlane";
import { makeProgram, rewrite } from "../support/kubernetes/program";

const SECRET = "correct-horse-battery-staple";

/** What begins every program. `make` makes an object by the path of its class, such as `core/v1/namespace`. */
const HEAD = `
const pulumi = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/kubernetes/provider");
const provider = new Provider("cluster", {
  kubeconfig: pulumi.secret(process.env.CLUSTER_KUBECONFIG),
  clusterIdentifier: process.env.CLUSTER_ID,
  enableSecretMutable: true,
});
function make(path, name, args, opts) {
  const Class = Object.values(require("@pulumi/kubernetes/" + path)).find((one) => typeof one === "function");
  return new Class(name, args, { provider, ...opts });
}
`;

interface Scene {
  replicas?: number;
  colour?: string;
  wall?: string;
  /** Further lines of the program. */
  more?: string;
}

/** What the later tests begin with. */
const CHANGED: Scene = { replicas: 2, colour: "red", wall: "blue" };

/** A namespace with a little of everything, and a kind of its own with one object. */
const scene = ({ replicas = 1, colour = "green", wall = "white", more = "" }: Scene = {}) => `${HEAD}
const namespace = make("core/v1/namespace", "shop", { metadata: { name: "shop" } });
const metadata = { namespace: namespace.metadata.name };
make("core/v1/configMap", "colours", { metadata: { ...metadata, labels: { wall: "yes" } }, data: { wall: "${wall}" } });
make("core/v1/configMap", "fixed", { metadata: { ...metadata, name: "fixed" }, data: { wall: "${wall}" } });
make("core/v1/secret", "login", { metadata: { ...metadata, name: "login" },
  stringData: { password: pulumi.secret("${SECRET}"), "${colour}": "yes" } });
const spec = { type: "object", properties: { colour: { type: "string" } } };
const kind = make("apiextensions/v1/customResourceDefinition", "paints", {
  metadata: { name: "paints.test.example" },
  spec: { group: "test.example", scope: "Namespaced", names: { kind: "Paint", plural: "paints", singular: "paint" },
    versions: [{ name: "v1", served: true, storage: true,
      schema: { openAPIV3Schema: { type: "object", properties: { spec } } } }] } });
make("apiextensions/customResource", "paint", { apiVersion: "test.example/v1", kind: "Paint",
  metadata: { ...metadata, name: "paint" }, spec: { colour: "${colour}" } }, { dependsOn: kind });
make("networking/v1/networkPolicy", "closed", { metadata: { ...metadata, name: "closed" },
  spec: { podSelector: {}, policyTypes: ["Ingress"] } });
const labels = { app: "web" };
make("apps/v1/deployment", "web", { metadata: { ...metadata, name: "web" },
  spec: { replicas: ${replicas}, selector: { matchLabels: labels }, template: { metadata: { labels },
    spec: { containers: [{ name: "web", image: "registry.example/web:1",
      env: [{ name: "TOKEN", value: pulumi.secret("${SECRET}") }] }] } } } });
${more}
`;

const TYPO = `make("batch/v1/job", "typo", { metadata: { ...metadata, name: "typo" },
  spec: { backofLimit: 1, template: { spec: { restartPolicy: "Never",
    containers: [{ name: "job", image: "registry.example/job:1" }] } } } });`;

interface Data {
  data: Record<string, string>;
}

let plane: ControlPlane;
let project: Workspace;

async function succeeds(running: Promise<Run>): Promise<string> {
  const { exitCode, output } = await running;
  expect(exitCode, output).toBe(0);
  return output;
}

/** The operations of a preview by the resources' names. */
async function operations(): Promise<Record<string, string>> {
  const planned = Object.entries(await plannedOperations(project));
  return Object.fromEntries(planned.map(([name, operation]) => [name.split(" ").at(-1) ?? "", operation]));
}

const inShop = (kind: string, path: string) => plane.kubectl("get", "-n", "shop", ...kind.split(" "), "-o", `jsonpath=${path}`);

beforeAll(async () => {
  plane = await ControlPlane.start();
  await plane.addNodes(2);
  const env = { CLUSTER_KUBECONFIG: plane.kubeconfig, CLUSTER_ID: "one" };
  project = await makeProgram("plugin", scene(), env);
});
afterAll(async () => {
  removeWorkspace(project);
  await plane.stop();
});

describe("the Kubernetes plugin for tests", () => {
  it("previews what nothing of is there yet, kinds that the update itself will define included", async () => {
    const planned = await operations();
    expect(new Set(Object.values(planned))).toEqual(new Set(["create"]));
    expect(Object.keys(planned)).toHaveLength(9);
  });

  it("puts it onto the API, and waits until the deployment is available", async () => {
    await succeeds(up(project));
    expect(await inShop("paint paint", "{.spec.colour}")).toBe("green");
    expect(await inShop("deployment web", "{.status.availableReplicas}")).toBe("1");
    expect(await inShop("configmap", "{.items[*].metadata.name}")).toMatch(/\bcolours-[0-9a-f]{8}\b/);
    expect(await inShop("secret login", "{.data.password}")).toBe(Buffer.from(SECRET).toString("base64"));
  });

  it("changes nothing the second time", async () => {
    await succeeds(up(project, "--expect-no-changes"));
  });

  it("changes objects in place", async () => {
    const before = await inShop("paint,deployment,secret", "{.items[*].metadata.uid}");
    rewrite(project, scene({ colour: "red", replicas: 2 }));
    expect(await operations()).toEqual({ login: "update", paint: "update", web: "update" });
    await succeeds(up(project));
    expect(await inShop("paint paint", "{.spec.colour}")).toBe("red");
    expect(await inShop("deployment web", "{.status.availableReplicas}")).toBe("2");
    expect(Object.keys((await plane.json<Data>("get", "secret", "login", "-n", "shop")).data)).toEqual(["password", "red"]);
    expect(await inShop("paint,deployment,secret", "{.items[*].metadata.uid}")).toBe(before);
  });

  it("replaces what Pulumi's own plugin replaces: a named one first goes, another is made beside the old one", async () => {
    const wall = await inShop("configmap -l wall=yes", "{.items[0].metadata.name}");
    const fixed = await inShop("configmap fixed", "{.metadata.uid}");
    rewrite(project, scene(CHANGED));
    await succeeds(up(project));
    expect(await inShop("configmap -l wall=yes", "{.items[*].data.wall}")).toBe("blue");
    expect(await inShop("configmap -l wall=yes", "{.items[0].metadata.name}")).not.toBe(wall);
    expect(await inShop("configmap fixed", "{.data.wall}")).toBe("blue");
    expect(await inShop("configmap fixed", "{.metadata.uid}")).not.toBe(fixed);
  });

  it("takes other credentials for the same cluster without touching what is in it", async () => {
    project.env["CLUSTER_KUBECONFIG"] = plane.kubeconfig.replaceAll("admin", "other");
    expect(await operations()).toEqual({ cluster: "update" });
    await succeeds(up(project));
    project.env["CLUSTER_ID"] = "two";
    expect((await operations())["shop"]).toBe("replace");
    project.env["CLUSTER_ID"] = "one";
  });

  it("refuses at preview a field that the API does not know, by its name", async () => {
    rewrite(project, scene({ ...CHANGED, more: TYPO }));
    const { exitCode, output } = await run(project, "preview");
    expect(exitCode).not.toBe(0);
    expect(output).toContain("backofLimit");
  });

  it("refuses to take over an object that is there already", async () => {
    await plane.kubectl("create", "configmap", "taken", "-n", "shop");
    rewrite(
      project,
      scene({
        ...CHANGED,
        more: `make("core/v1/configMap", "taken", { metadata: { ...metadata, name: "taken" } });`,
      }),
    );
    const { exitCode, output } = await up(project);
    expect(exitCode).not.toBe(0);
    expect(output).toContain("ConfigMap shop/taken exists already");
  });

  it("keeps what does not become ready in the state, says why, and goes on with it", async () => {
    const late = (cpu: string) =>
      scene({
        ...CHANGED,
        more: `make("apps/v1/deployment", "late", { metadata: { ...metadata, name: "late" },
          spec: { selector: { matchLabels: { app: "late" } }, template: { metadata: { labels: { app: "late" } },
            spec: { containers: [{ name: "late", image: "registry.example/late:1",
              resources: { requests: { cpu: "${cpu}" } } }] } } } }, { customTimeouts: { create: "15s" } });`,
      });
    rewrite(project, late("1000"));
    const { exitCode, output } = await up(project);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/Deployment late is not ready: .*Available=False/s);
    rewrite(project, late("1"));
    expect((await operations())["late"]).toBe("update");
    await succeeds(up(project));
  });

  it("finds at refresh what somebody deleted or changed, and mends it", async () => {
    await plane.kubectl("delete", "networkpolicy", "closed", "-n", "shop");
    await plane.kubectl("scale", "deployment", "web", "-n", "shop", "--replicas=1");
    rewrite(project, scene(CHANGED));
    await succeeds(run(project, "refresh", "--yes", "--skip-preview"));
    expect(await operations()).toEqual({ closed: "create", web: "update", late: "delete" });
    await succeeds(up(project));
    expect(await inShop("networkpolicy closed", "{.spec.policyTypes[0]}")).toBe("Ingress");
    expect(await inShop("deployment web", "{.spec.replicas}")).toBe("2");
  });

  it("keeps secrets out of what is shown and stored", async () => {
    const state = JSON.stringify(await stateOf(project));
    expect(state).toContain("paint");
    const key = /client-key-data": "([^"]{60})/.exec(plane.kubeconfig)?.[1] ?? "";
    for (const hidden of [SECRET, Buffer.from(SECRET).toString("base64"), key]) expect(state).not.toContain(hidden);
  });

  it("goes down and leaves nothing", async () => {
    await succeeds(destroy(project));
    expect(await plane.kubectl("get", "namespaces,crds", "-o", "name")).not.toMatch(/shop|paints/);
    expect((await stateOf(project)).resources ?? []).toEqual([]);
  });
});

describe("a chart, installed by the Kubernetes plugin for tests", () => {
  let chart: string;
  const release = (values: object) => `${HEAD}
    const release = make("helm/v3/release", "tiny", { chart: ${JSON.stringify(chart)}, name: "tiny", namespace: "default",
      atomic: true, timeout: 60,
      values: { ...${JSON.stringify(values)}, password: pulumi.secret("${SECRET}") } });
    exports.status = release.status;
    exports.names = release.resourceNames;`;
  const data = async () =>
    (await plane.json<Data>("get", "configmap", "tiny-config")).data["size"];

  beforeAll(() => {
    chart = mkdtempSync(join(tmpdir(), "fabric-chart-"));
    mkdirSync(join(chart, "templates"));
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: tiny\nversion: 1.2.3\nappVersion: '7'\n");
    writeFileSync(join(chart, "values.yaml"), "size: 1\n");
    const schema = { type: "object", properties: { size: { type: "integer" } } };
    writeFileSync(join(chart, "values.schema.json"), JSON.stringify(schema));
    const config = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }}-config }\n";
    writeFileSync(join(chart, "templates", "config.yaml"), `${config}data: { size: {{ .Values.size | quote }} }\n`);
  });
  afterAll(() => rmSync(chart, { recursive: true, force: true }));

  it("goes up with its values", async () => {
    rewrite(project, release({ size: 2 }));
    await succeeds(up(project));
    expect(await data()).toBe("2");
    expect(JSON.parse(await succeeds(run(project, "stack", "output", "--json")))).toEqual({
      status: {
        ...{ name: "tiny", namespace: "default", status: "deployed", revision: 1 },
        ...{ chart: "tiny", version: "1.2.3", appVersion: "7" },
      },
      names: { "ConfigMap/v1": ["default/tiny-config"] },
    });
    await succeeds(up(project, "--expect-no-changes"));
  });

  it("is refused at preview by its own schema", async () => {
    rewrite(project, release({ size: "much" }));
    const { exitCode, output } = await run(project, "preview");
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/size/);
  });

  it("is upgraded in place, and keeps its secrets", async () => {
    rewrite(project, release({ size: 3 }));
    expect(await operations()).toEqual({ tiny: "update" });
    await succeeds(up(project));
    expect(await data()).toBe("3");
    expect(JSON.stringify(await stateOf(project))).not.toContain(SECRET);
  });

  it("is found gone at refresh, and made again", async () => {
    await plane.kubectl("delete", "secret", "-l", "owner=helm");
    await plane.kubectl("delete", "configmap", "tiny-config");
    await succeeds(run(project, "refresh", "--yes", "--skip-preview"));
    expect(await operations()).toEqual({ tiny: "create" });
    await succeeds(up(project));
    expect(await data()).toBe("3");
  });

  it("goes down without a trace", async () => {
    await succeeds(destroy(project));
    expect(await plane.kubectl("get", "configmaps,secrets", "-o", "name")).not.toContain("tiny");
  });
});
