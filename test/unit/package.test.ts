import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { CHECKOUT } from "../../tools/workspace/workspace";

const packedShape = z.array(z.object({ files: z.array(z.object({ path: z.string() })) })).length(1);

const manifest = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as {
  version: string;
  exports: Record<string, string>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
  devDependencies: Record<string, string>;
};
const optional = Object.keys(manifest.peerDependenciesMeta);

/** Files that git knows below a folder. */
async function tracked(folder: string): Promise<string[]> {
  const { stdout } = await execa("git", ["ls-files", folder], { cwd: CHECKOUT });
  return stdout.split("\n");
}

/** What a program gets that imports one of the package's entry points: names, and the packages that it loads. */
async function load(entry: string): Promise<{ names: Record<string, string>; packages: string[] }> {
  const script = `
    const names = Object.fromEntries(Object.entries(require(${JSON.stringify(entry)})).map(([name, value]) =>
      [name, typeof value === "function" && /^class /.test(String(value)) ? "class" : typeof value]));
    const packages = Object.keys(require.cache).map((file) => /.*node_modules.((?:@[^/]+.)?[^/]+)/.exec(file)?.[1]);
    console.log(JSON.stringify({ names, packages: [...new Set(packages)].filter(Boolean) }));`;
  const { stdout } = await execa("node", ["-e", script], { cwd: CHECKOUT });
  return JSON.parse(stdout) as Awaited<ReturnType<typeof load>>;
}

describe("the npm package", () => {
  let files: string[];

  beforeAll(async () => {
    const pack = await execa("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: CHECKOUT });
    files = packedShape.parse(JSON.parse(pack.stdout)).flatMap((one) => one.files.map(({ path }) => path));
  });

  it("has components, their plugin, a licence and a README, and nothing of stacks, tools, tests or fixtures", () => {
    const others = files.filter((file) => !/^(dist\/)?components\/|^dist\/plugin\//.test(file));
    const plugin = ["PulumiPlugin.yaml", "package.json", "schema.json"].map((file) => `plugin/${file}`);
    expect(others.sort()).toEqual(["LICENSE", "README.md", "package.json", ...plugin].sort());
  });

  it("has a compiled module and a declaration of every source, and none of a source that is gone", async () => {
    const sources = [...(await tracked("components")), ...(await tracked("plugin"))].filter((file) =>
      file.endsWith(".ts"),
    );
    const compiled = files.filter((file) => file.startsWith("dist/") && /\.(js|d\.ts)$/.test(file));
    const expected = sources.flatMap((file) => [".js", ".d.ts"].map((end) => `dist/${file.replace(/\.ts$/, end)}`));
    expect(compiled.sort()).toEqual(expected.sort());
  });

  it("has every file that components read when they run", async () => {
    const data = (await tracked("components")).filter((file) => !file.endsWith(".ts"));
    // Modules import JSON, which the compiler puts beside them.
    const places = data.map((file) => (file.endsWith(".json") ? `dist/${file}` : file));
    expect(places.filter((file) => !files.includes(file))).toEqual([]);
    expect(places.length).toBeGreaterThan(20);
  });

  it("keeps what is said of arguments in its declarations", () => {
    const declared = readFileSync(join(CHECKOUT, "dist/components/network/Network.d.ts"), "utf8");
    expect(declared).toContain("Availability zones; each gets a subnet. Adding one keeps the others");
  });

  it("asks for every package that its modules import, and for none that they do not", () => {
    const imports = files
      .filter((file) => file.endsWith(".js"))
      .flatMap((file) => [...readFileSync(join(CHECKOUT, file), "utf8").matchAll(/require\("([^."][^"]*)"\)/g)])
      .map(([, name = ""]) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? "")
      .filter((name) => !name.startsWith("node:"));
    const given = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    expect([...new Set(imports)].sort()).toEqual(given.sort());
  });

  it("shares Pulumi's SDK with the program, at a version that is tested", () => {
    for (const [name, range] of Object.entries(manifest.peerDependencies)) {
      expect(range, name).toBe(`^${manifest.devDependencies[name] ?? ""}`);
    }
    expect(Object.keys(manifest.dependencies)).not.toContain("@pulumi/pulumi");
  });

  it("exports every component, each from where its SDK is, and nothing but classes", async () => {
    const entries = [".", "./kubernetes", "./docker"];
    const loaded = await Promise.all(entries.map((entry) => load(join("openstack-fabric", entry))));
    const names = Object.assign({}, ...loaded.map((one) => one.names)) as Record<string, string>;
    const sources = (await tracked("components")).filter((file) => /\/[A-Z]\w*\.ts$/.test(file));
    const components = sources
      .filter((file) => /^export class /m.test(readFileSync(join(CHECKOUT, file), "utf8")))
      .map((file) => basename(file, ".ts"));
    expect(names).toEqual(Object.fromEntries(components.map((name) => [name, "class"])));
    const needs = loaded.map(({ packages }) => optional.filter((name) => packages.includes(name)));
    expect(needs).toEqual([[], ["@pulumi/kubernetes"], ["@pulumi/docker"]]);
  });

  it("leads every export to a file that is packed", () => {
    const targets = Object.values(manifest.exports).map((target) => target.replace("./", ""));
    expect(targets.filter((target) => !files.includes(target))).toEqual([]);
    expect(targets.every((target) => existsSync(join(CHECKOUT, target)))).toBe(true);
  });
});
