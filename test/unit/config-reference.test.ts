import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import { generatedFiles, renderJsonSchema, renderMarkdown } from "../../tools/config-reference/reference";
import { shippedStacks } from "../../tools/preview/main";
import { CHECKOUT } from "../../tools/workspace/workspace";

interface Section {
  additionalProperties: boolean;
  required?: string[];
  properties: Record<string, Section & { description?: string }>;
}
interface StackFile {
  config: Record<string, Record<string, unknown>>;
  [key: string]: unknown;
}

const schema = JSON.parse(renderJsonSchema()) as { properties: { config: { properties: Record<string, Section> } } };
const sections = schema.properties.config.properties;
const validator = z.fromJSONSchema(schema as unknown as Parameters<typeof z.fromJSONSchema>[0]);

/** Whether an editor accepts a shipped stack's file after a change to it. */
function accepts(stack: string, change: (file: StackFile) => void = () => undefined): boolean {
  const file = parse(readFileSync(join(CHECKOUT, `stacks/Pulumi.${stack}.yaml`), "utf8")) as StackFile;
  change(file);
  return validator.safeParse(file).success;
}

function section(file: StackFile, name: string): Record<string, unknown> {
  return (file.config[`openstack-fabric:${name}`] ??= {});
}

function broker(file: StackFile): Record<string, unknown> {
  return section(file, "messaging")["broker"] as Record<string, unknown>;
}

describe("the configuration's JSON Schema", () => {
  it("accepts every stack that ships", () => {
    expect(shippedStacks().length).toBeGreaterThan(0);
    for (const stack of shippedStacks()) expect(accepts(stack), stack).toBe(true);
  });

  it("refuses keys that the program does not know, in a section and beside the sections", () => {
    const changes: ((file: StackFile) => void)[] = [
      (file) => (section(file, "cloud")["relase"] = "2024.2"),
      (file) => (broker(file)["node"] = 3),
      (file) => (file.config["openstack-fabric:netwrok"] = {}),
    ];
    for (const change of changes) expect(accepts("production", change), String(change)).toBe(false);
  });

  it("refuses values that the program refuses", () => {
    const changes: ((file: StackFile) => void)[] = [
      (file) => (section(file, "cloud")["release"] = 2024.2),
      (file) => (section(file, "cloud")["prefix"] = "Production"),
      (file) => (section(file, "network")["zones"] = []),
      (file) => (broker(file)["nodes"] = 4),
      (file) => delete file.config["openstack-fabric:cloud"],
    ];
    for (const change of changes) expect(accepts("production", change), String(change)).toBe(false);
  });

  it("leaves other providers' configuration and the engine's own keys alone", () => {
    const others = (file: StackFile) => {
      file["encryptionsalt"] = "v1:abc";
      file.config["openstack:region"] = "RegionOne" as never;
    };
    expect(accepts("production", others)).toBe(true);
  });

  it("knows every section, and allows no unknown key in it", () => {
    const names = ["cloud", "docker", "reads", "network", "messaging", "clusters", "analysis"];
    expect(Object.keys(sections)).toEqual(names.map((name) => `openstack-fabric:${name}`));
    for (const known of Object.values(sections)) expect(known.additionalProperties).toBe(false);
  });

  it("asks of a user only what has no default", () => {
    const clusters = sections["openstack-fabric:clusters"];
    expect(clusters?.required).toEqual(["templates"]);
    const messaging = sections["openstack-fabric:messaging"]?.properties;
    // Brokers that are there already, and containers, need no flavor and no image.
    for (const part of ["broker", "rpc"]) expect(messaging?.[part]?.required, part).toBeUndefined();
  });

  it("says in words what a pattern asks for", () => {
    const cidr = sections["openstack-fabric:network"]?.properties["cidr"];
    expect(cidr).toMatchObject({ patternErrorMessage: "a network such as 10.20.0.0/16 or fd00:20::/48" });
  });
});

describe("the configuration's reference", () => {
  const rows = renderMarkdown()
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.slice(2, -2).split(" | "));
  const row = (key: string) => rows.find(([first]) => first === `\`${key}\``);

  it("says of every key what it may be, its default, and what it means", () => {
    expect(rows.length).toBeGreaterThan(40);
    for (const cells of rows) {
      expect(cells, cells[0]).toHaveLength(4);
      for (const cell of cells) expect(cell.trim(), cells[0]).not.toBe("");
    }
  });

  it("has a default that the program decides where the fixed ones are", () => {
    expect(row("prefix")?.[2]).toBe("the stack's name");
    expect(row("release")?.[2]).toBe("required");
    expect(row("broker.nodes")?.[2]).toBe("`3`");
    expect(row("templates.<key>.labels")?.[1]).toBe("texts, numbers, true/false by key");
  });

  it("says that it is generated and by what, and how an editor uses the schema", () => {
    const page = renderMarkdown();
    expect(page).toContain("by `make docs`");
    const [, path = ""] = /yaml-language-server: \$schema=(\S+)/.exec(page) ?? [];
    expect(existsSync(join(CHECKOUT, "stacks", path))).toBe(true);
  });

  it("is committed as it is generated, and so is the schema", async () => {
    for (const [file, text] of Object.entries(await generatedFiles())) {
      expect(readFileSync(join(CHECKOUT, file), "utf8"), file).toBe(text);
    }
  });
});
