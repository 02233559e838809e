import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { renderJsonSchema, renderMarkdown } from "../../tools/config-reference/reference";
import { CHECKOUT } from "../../tools/workspace/workspace";

interface Section {
  additionalProperties: boolean;
  required?: string[];
  properties: Record<string, { description?: string }>;
}

describe("the configuration's reference", () => {
  const schema = JSON.parse(renderJsonSchema()) as { properties: { config: { properties: Record<string, Section> } } };
  const sections = schema.properties.config.properties;

  it("has a JSON Schema that knows every section and allows no unknown key in it", () => {
    expect(Object.keys(sections)).toEqual(
      ["cloud", "reads", "network", "messaging", "clusters"].map((s) => `openstack-fabric:${s}`),
    );
    for (const section of Object.values(sections)) expect(section.additionalProperties).toBe(false);
    expect(sections["openstack-fabric:cloud"]?.required).toEqual(["release"]);
  });

  it("asks of a user only what has no default", () => {
    const messaging = sections["openstack-fabric:messaging"] as unknown as { properties: { broker: Section } };
    expect(messaging.properties.broker.required).toEqual(["flavor", "image"]);
  });

  it("says of every key what it means", () => {
    const rows = renderMarkdown()
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(rows.length).toBeGreaterThan(40);
    for (const row of rows) expect(row.split(" | ").at(-1)?.trim(), row).not.toBe("|");
  });

  it("is committed as it is generated", () => {
    expect(readFileSync(join(CHECKOUT, "docs/pulumi-config.schema.json"), "utf8")).toBe(renderJsonSchema());
  });
});
