import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { execa } from "execa";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";

import { loadAnalysis } from "../../components/analysis/runs/load";
import { pathsIn } from "../../components/localFiles";
import { SECTIONS } from "../../stacks/config/schema";
import { changedStacks } from "../../tools/changed/changed";
import { ENTRY, readImports } from "../../tools/changed/graph";
import { concernOf, type Program, programOf } from "../../tools/changed/program";
import { CHECKOUT } from "../../tools/workspace/workspace";
import { yamlOf } from "../e2e/support/sections";

const SECTION_NAMES = Object.keys(SECTIONS);

/** A program of the same shape as ours, as small as it gets. */
const FILES: Record<string, string> = {
  "Pulumi.yaml": "name: openstack-fabric\n",
  "stacks/index.ts": `
    import { plan } from "./plan";
    import type { Shape } from "./shape";
    export = async (shape: Shape) => {
      plan();
      if (shape.network) (await import("./network.js")).make();
      if (shape.messaging) (await import("./messaging.js")).make();
      if (shape.clusters) (await import("./clusters.js")).make();
    };`,
  "stacks/plan.ts": `import { planMesh } from "../components/messaging/mesh"; import { say } from "../components/errors"; export const plan = () => say(planMesh());`,
  "stacks/shape.ts": "export interface Shape { network?: object; messaging?: object; clusters?: object }",
  "stacks/network.ts": `import { cidr } from "../components/network/cidr"; export const make = () => cidr;`,
  "stacks/messaging.ts": `import { Mesh } from "../components/messaging/Mesh"; export const make = () => new Mesh();`,
  "stacks/clusters.ts": `import { catalogue } from "../components/clusters/catalogue"; export const make = () => catalogue;`,
  "components/errors.ts": "export const say = (text: string) => text;",
  "components/network/cidr.ts": `export const cidr = "10.0.0.0/8";`,
  "components/messaging/mesh.ts": `export const planMesh = () => "plan";`,
  "components/messaging/Mesh.ts": `import { planMesh } from "./mesh"; export class Mesh { plan = planMesh(); }`,
  "components/clusters/catalogue.ts": "export const catalogue = 1;",
  "components/clusters/catalogue/kubernetes.yaml": "small: {}\n",
  "components/tenancy/Tenant.ts": "export class Tenant {}",
  "docs/ci.md": "# CI\n",
  "tools/some/main.ts": "export {};",
  "test/some.test.ts": "export {};",
  "examples/spectrum/analysis.yaml": stringify({
    code: { files: ["code", "main.py"], entry: "main.py" },
    environment: { over: "x:1", lock: "requirements.lock" },
    inputs: { near: { from: "data/near.csv" }, far: { from: "root://eos.example//far.root" } },
    outputs: { to: "/eos/x", files: ["result.json"] },
  }),
  "examples/spectrum/code/peaks.py": "x = 1\n",
  "examples/spectrum/requirements.lock": "numpy\n",
  "examples/spectrum/data/near.csv": "1\n",
  "examples/spectrum/result.json": "{}\n",
  "charts/spark/Chart.yaml": "name: spark\n",
  "stacks/facts/net.json": "{}\n",
  "stacks/Pulumi.net.yaml": yamlOf({ cloud: {}, network: {} }),
  "stacks/Pulumi.broker.yaml": yamlOf({ cloud: {}, reads: { network: "acme/openstack-fabric/net" }, messaging: {} }),
  "stacks/Pulumi.k8s.yaml": yamlOf({ cloud: {}, reads: { network: "acme/other/net" }, clusters: {} }),
  "stacks/Pulumi.physics.yaml": yamlOf({
    reads: { clusters: "broker" },
    analysis: {
      kubeconfig: { secure: "v1:abc" },
      charts: { mirror: "./charts" },
      analyses: { spectrum: { definition: "../examples/spectrum/analysis.yaml" } },
    },
  }),
};

describe("the stacks that a change concerns", () => {
  let root: string;
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", ...args], {
      cwd: root,
    });
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "changed-"));
    for (const [file, text] of Object.entries(FILES)) write(file, text);
    await git("init", "--quiet", "--initial-branch", "main");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "base");
    await git("switch", "--quiet", "--create", "work");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Commits changes to files; gives reasons by stack. */
  async function after(...files: string[]): Promise<Record<string, string[]>> {
    for (const file of files) write(file, `${FILES[file] ?? ""}${file.endsWith(".ts") ? "//" : "#"} changed\n`);
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "change");
    return reasons();
  }
  const reasons = async () =>
    Object.fromEntries((await changedStacks(root, "main")).map(({ stack, reasons: said }) => [stack, said]));
  const READS_NET = ["`reads.network` is net, which is concerned"];
  const READS_BROKER = ["`reads.clusters` is broker, which is concerned"];

  it("are the one whose configuration changed, and those that read it, directly or not, but not those of other projects", async () => {
    expect(await after("stacks/Pulumi.net.yaml")).toEqual({
      net: ["stacks/Pulumi.net.yaml changed"],
      broker: READS_NET,
      physics: READS_BROKER,
    });
  });

  it("are the one whose recorded facts changed", async () => {
    expect((await after("stacks/facts/net.json"))["net"]).toEqual(["stacks/facts/net.json changed"]);
  });

  it("are those whose configuration names the file, or names a document that does", async () => {
    const definition = "`analysis.analyses.spectrum.definition";
    for (const [file, by] of [
      ["examples/spectrum/analysis.yaml", `${definition}\``],
      ["examples/spectrum/code/new/deep.py", `${definition} (code.files)\``],
      ["examples/spectrum/requirements.lock", `${definition} (environment.lock)\``],
      ["examples/spectrum/data/near.csv", `${definition} (inputs.near.from)\``],
      ["charts/spark/Chart.yaml", "`analysis.charts.mirror`"],
    ] as const) {
      expect(await after(file)).toEqual({ physics: [`${file} is named by ${by}`] });
      await git("reset", "--quiet", "--hard", "main");
    }
    // A result is written, not read.
    expect(await after("examples/spectrum/result.json")).toEqual({});
  });

  it("are all where a module changed that every stack loads, or what the program is built by", async () => {
    for (const file of ["stacks/index.ts", "components/errors.ts", "package-lock.json", "Pulumi.yaml", "program.js"]) {
      expect(Object.keys(await after(file)), file).toEqual(["broker", "k8s", "net", "physics"]);
      await git("reset", "--quiet", "--hard", "main");
    }
  });

  it("are those with a section whose layer loads the module, even if all plan it", async () => {
    const loaded = (file: string) => [`${file} is imported by the layer messaging`];
    for (const file of ["components/messaging/mesh.ts", "components/messaging/Mesh.ts", "stacks/messaging.ts"]) {
      expect(await after(file)).toEqual({ broker: loaded(file), physics: READS_BROKER });
      await git("reset", "--quiet", "--hard", "main");
    }
  });

  it("are those whose layer reads a file that is no module", async () => {
    const file = "components/clusters/catalogue/kubernetes.yaml";
    const said = `${file} lies beside modules that are imported by the layer clusters`;
    expect(await after(file)).toEqual({ k8s: [said] });
  });

  it("are those that a removed or renamed module was loaded by", async () => {
    await git("mv", "components/clusters/catalogue/kubernetes.yaml", "docs/kubernetes.yaml");
    await git("rm", "--quiet", "components/network/cidr.ts");
    write("components/network/range.ts", FILES["components/network/cidr.ts"] ?? "");
    write("stacks/network.ts", (FILES["stacks/network.ts"] ?? "").replace("network/cidr", "network/range"));
    const found = await after();
    expect(found["k8s"]).toEqual([
      "components/clusters/catalogue/kubernetes.yaml was removed from beside modules that are imported by the layer clusters",
    ]);
    expect(found["net"]).toContain(
      "components/network/cidr.ts was removed from beside modules that are imported by the layer network",
    );
  });

  it("are none for documents, tests, tools, types alone, and modules that no stack loads", async () => {
    const files = ["docs/ci.md", "tools/some/main.ts", "test/some.test.ts", "stacks/shape.ts"];
    expect(await after(...files, "components/tenancy/Tenant.ts", "README.md")).toEqual({});
  });

  it("do not have what changed on the base since the branch left it, and no files with strange names break it", async () => {
    await after('docs/ä \n"b.md');
    await git("switch", "--quiet", "main");
    await after("stacks/Pulumi.k8s.yaml");
    await git("switch", "--quiet", "work");
    expect(await reasons()).toEqual({});
  });

  it("cannot be found without a base that git knows, or without common history, and say so", async () => {
    await expect(changedStacks(root, "--output=/tmp/x")).rejects.toThrow(
      /`--base` is --output.*no commit that git knows/,
    );
    await git("switch", "--quiet", "--orphan", "lonely");
    write("stacks/index.ts", "export {};");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "lonely");
    await expect(changedStacks(root, "main")).rejects.toThrow(/no common history of main and HEAD.*fetch-depth: 0/);
  });
});

describe("this repository's program", () => {
  let program: Program;
  beforeAll(async () => {
    program = programOf(await readImports(CHECKOUT), SECTION_NAMES);
  }, 60_000);
  const sectionsOf = (file: string) => concernOf(program, file, true)?.sections;

  it("has a layer for every section that makes something", () => {
    expect([...program.layers.keys()].sort()).toEqual(["analysis", "clusters", "docker", "messaging", "network"]);
  });

  it("is loaded by layer: brokers concern no stack without messaging, clusters none without clusters", () => {
    expect(sectionsOf("components/messaging/mesh/RouterMesh.ts")).toEqual(["messaging"]);
    expect(sectionsOf("components/messaging/mesh/topology.ts")).toEqual(["docker", "messaging"]);
    expect(sectionsOf("components/clusters/ClusterTemplate.ts")).toEqual(["clusters"]);
    expect(sectionsOf("components/clusters/catalogue/kubernetes.yaml")).toEqual(["clusters"]);
    // Loaded by every stack to plan, and used only by those with the section.
    expect(sectionsOf("stacks/clustersPlan.ts")).toEqual(["clusters"]);
    expect(sectionsOf("components/analysis/runs/runner/main.py")).toContain("analysis");
    expect(sectionsOf("components/oslo/options/oslo.messaging.json")).toBe("all");
    expect(sectionsOf("components/errors.ts")).toBe("all");
    expect(sectionsOf("stacks/config/parse.ts")).toBe("all");
    expect(sectionsOf("components/tenancy/Tenant.ts")).toBeUndefined();
  });

  it("loads the entry's every import, so that none is taken for nobody's", () => {
    expect(program.core.has(ENTRY)).toBe(true);
    for (const file of ["stacks/plan.ts", "stacks/config/schema.ts", "stacks/cloud/offline.ts"]) {
      expect(sectionsOf(file), file).toBe("all");
    }
  });
});

describe("the files that this repository's configurations name", () => {
  it("are declared by the schema where an analysis is defined, and are all that its loader reads", () => {
    const named = pathsIn(SECTIONS.analysis, { analyses: { dimuon: { definition: "analysis.yaml" } } });
    expect(named.map(({ field, value }) => [field, value])).toEqual([["analyses.dimuon.definition", "analysis.yaml"]]);
    const { definition, code } = loadAnalysis(join(CHECKOUT, "examples/dimuon/analysis.yaml"));
    const paths = pathsIn(named[0]?.file.document, definition).map(({ value }) => value);
    for (const { path } of code) expect(paths.some((one) => path === one || path.startsWith(`${one}/`))).toBe(true);
    if (definition.environment !== undefined) expect(paths).toContain(definition.environment.lock);
  });
});
