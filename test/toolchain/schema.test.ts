import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

import { beforeAll, describe, expect, it } from "vitest";

const root = resolve("sandbox/toolchain");
const toolchain = join(root, "toolchain");
const maxBuffer = 64 * 2 ** 20;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Spec = Record<"config" | "types" | "provider" | "resources" | "functions", Record<string, Json>>;

async function output(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(toolchain, ["run", "--", command, ...args], { maxBuffer });
  return stdout;
}

/** Keys of these are names; everywhere else `description` and `language` are prose. */
const named = new Set(["properties", "inputProperties", "resources", "functions", "types", "variables"]);
const prose = new Set(["description", "language", "deprecationMessage"]);

function withoutProse(value: Json, keysAreNames = false): Json {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => keysAreNames || !prose.has(key))
      .map(([key, item]) => [key, withoutProse(item, named.has(key) && !keysAreNames)]),
  );
}

const parse = (text: string): Spec => withoutProse(JSON.parse(text) as Json) as Spec;

/** Every path at which the two differ, with both values. */
function differences(expected: Json | undefined, actual: Json | undefined, path = ""): string[] {
  const nested = (value: Json | undefined): value is { [key: string]: Json } =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (nested(expected) && nested(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => differences(expected[key], actual[key], `${path}/${key}`));
  }
  const [left, right] = [JSON.stringify(expected), JSON.stringify(actual)];
  return left === right ? [] : [`${path}: expected ${left ?? "nothing"}, got ${right ?? "nothing"}`];
}

describe.each(["openstack", "random", "tls", "docker"])("the %s plugin", (name) => {
  let fixture: Spec;

  beforeAll(async () => {
    await promisify(execFile)(toolchain, ["ensure", "node", "pulumi", "language-nodejs", name, `${name}-schema`]);
    fixture = parse(await readFile(join(root, "go", name, "provider", "schema.json"), "utf8"));
  });

  it.each(["types", "resources", "functions", "provider", "config"] as const)(
    "derives %s that do not differ from the fixture's in any property",
    async (section) => {
      const derived = parse(await output(`pulumi-schema-${name}`));
      expect(differences(fixture[section], derived[section] ?? {})).toEqual([]);
    },
  );

  it("serves the fixture's schema to the engine", async () => {
    const served = parse(await output("pulumi", "package", "get-schema", name));
    expect(differences(fixture.resources, served.resources)).toEqual([]);
    expect(differences(fixture.functions, served.functions ?? {})).toEqual([]);
  });
});

describe("the fixture of @pulumi/openstack 3.15.2", () => {
  it("has all of the official provider's 105 resources and 53 functions", async () => {
    const fixture = parse(await readFile(join(root, "go", "openstack", "provider", "schema.json"), "utf8"));
    expect(Object.keys(fixture.resources)).toHaveLength(105);
    expect(Object.keys(fixture.functions)).toHaveLength(53);
  });
});

describe("the docker plugin's schema", () => {
  const ours = ["Container", "Network", "RemoteImage", "Volume"];

  it.each(ours)("has every argument of the npm package's %s: none is dropped on its way", async (name) => {
    const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const fixture = parse(await readFile(join(root, "go", "docker", "provider", "schema.json"), "utf8"));
    const resource = fixture.resources[`docker:index/${file}:${name}`] as { inputProperties: Record<string, Json> };
    const source = await readFile(resolve("node_modules/@pulumi/docker", `${file}.js`), "utf8");
    const given = [...source.matchAll(/resourceInputs\["(\w+)"\] = args\?/g)].map(([, key]) => key);
    expect(given.length).toBeGreaterThan(3);
    expect(Object.keys(resource.inputProperties).sort()).toEqual([...new Set(given)].sort());
  });
});
