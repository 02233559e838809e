import { z } from "zod";

import { NAMESPACE } from "../../stacks/config/file";
import { type Section, SECTIONS } from "../../stacks/config/schema";

/** The part of JSON Schema that zod writes and the tables read. */
interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
}

const SECTION_NAMES = Object.keys(SECTIONS) as Section[];

function schemaOf(section: Section): Schema {
  return z.toJSONSchema(SECTIONS[section], { io: "input", target: "draft-7" }) as Schema;
}

/** JSON Schema of a `Pulumi.<stack>.yaml`, for editors. */
export function renderJsonSchema(): string {
  const sections = SECTION_NAMES.map((section) => [`${NAMESPACE}:${section}`, withoutDialect(schemaOf(section))]);
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Stack configuration of ${NAMESPACE}`,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(sections) as Record<string, Schema>,
        // Keys of other namespaces belong to other providers; those of ours are all known.
        patternProperties: { [`^(?!${NAMESPACE}:)`]: {} },
        additionalProperties: false,
      },
    },
  };
  return JSON.stringify(schema, undefined, 2) + "\n";
}

function withoutDialect(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema"));
}

/** The reference as Markdown: a table a section. */
export function renderMarkdown(): string {
  return [
    "# Configuration",
    "",
    "<!-- Generated from stacks/config/schema.ts by `make docs`; do not edit. -->",
    "",
    "A stack's configuration is `stacks/Pulumi.<stack>.yaml`, one object a layer. A stack owns the layers whose section is",
    "there. Unknown keys are errors; all mistakes are reported at once, with file and line. For completion and checks in an",
    "editor, put this into the file's first line:",
    "",
    "```yaml",
    "# yaml-language-server: $schema=../docs/pulumi-config.schema.json",
    "```",
    ...SECTION_NAMES.flatMap(renderSection),
    "",
  ].join("\n");
}

function renderSection(section: Section): string[] {
  const schema = schemaOf(section);
  return [
    "",
    `## \`${NAMESPACE}:${section}\``,
    "",
    schema.description ?? "",
    "",
    "| key | value | default | meaning, and what changing it does |",
    "| --- | --- | --- | --- |",
    ...rows(schema, ""),
  ];
}

/** A row a key, nested keys below their object's. */
function rows(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const path = `${prefix}${key}`;
    const fallback = schema.required?.includes(key)
      ? "required"
      : property.default === undefined
        ? ""
        : code(property.default);
    const row = `| \`${path}\` | ${cell(valueOf(property))} | ${fallback} | ${cell(property.description ?? "")} |`;
    return [row, ...nested(property, path)];
  });
}

function nested(property: Schema, path: string): string[] {
  if (property.properties !== undefined) return rows(property, `${path}.`);
  const values = property.additionalProperties;
  return typeof values === "object" && values.properties !== undefined ? rows(values, `${path}.<key>.`) : [];
}

/** What a value may be, in words. */
function valueOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map(code).join(", ");
  if (schema.const !== undefined) return code(schema.const);
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(valueOf))].join(" or ");
  if (schema.type === "array") return `list of ${valueOf(schema.items ?? {})}`;
  if (schema.type === "object") return schema.properties === undefined ? "objects by key" : "object";
  if (schema.type === "integer") return `${schema.minimum ?? ""} to ${schema.maximum ?? ""}`;
  return schema.type === "string" ? "text" : (schema.type ?? "");
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
