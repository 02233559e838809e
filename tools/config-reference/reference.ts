import { format } from "prettier";
import { z } from "zod";

import { NAMESPACE } from "../../stacks/config/file";
import { type Section, SECTIONS } from "../../stacks/config/schema";

/** The part of JSON Schema that zod writes and the tables read. */
interface Schema {
  type?: string | string[];
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  format?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  /** What a pattern asks for, in words; editors with the YAML language server show it. */
  patternErrorMessage?: string;
}

const SECTION_NAMES = Object.keys(SECTIONS) as Section[];

/** Every generated file with its text, by its path in the checkout. */
export async function generatedFiles(): Promise<Record<string, string>> {
  return {
    "docs/pulumi-config.schema.json": renderJsonSchema(),
    "docs/configuration.md": await format(renderMarkdown(), { parser: "markdown", printWidth: 120 }),
  };
}

function schemaOf(section: Section): Schema {
  return z.toJSONSchema(SECTIONS[section], {
    io: "input",
    target: "draft-7",
    override: ({ zodSchema, jsonSchema }) => {
      const words = patternWords(zodSchema);
      if (words !== undefined) jsonSchema["patternErrorMessage"] = words;
    },
  }) as Schema;
}

/** The message that the schema gives a pattern. JSON Schema has no place for it, and so zod drops it. */
function patternWords(schema: z.core.$ZodType): string | undefined {
  type Definition = { format?: string; error?: (issue: object) => unknown };
  const definitions = (schema._zod.def.checks ?? []).map((check) => check._zod.def as Definition);
  const message = definitions.find((definition) => definition.format === "regex")?.error?.({});
  return typeof message === "string" ? message : undefined;
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
        required: [`${NAMESPACE}:cloud`],
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
    "> Generated from [`stacks/config/schema.ts`](../stacks/config/schema.ts) by `make docs`, and checked by `make check`. Do",
    "> not edit this page; edit the schema.",
    "",
    "A stack's configuration is `stacks/Pulumi.<stack>.yaml`, one object a layer. A stack owns the layers whose section is",
    "there; `cloud` must be. Unknown keys are errors; all mistakes are reported at once, with file and line.",
    "",
    "An editor with the YAML language server (VS Code's YAML extension, coc-yaml, Helix and others) completes and checks such",
    "a file by [the JSON Schema](pulumi-config.schema.json) when the file's first line is:",
    "",
    "```yaml",
    "# yaml-language-server: $schema=../docs/pulumi-config.schema.json",
    "```",
    "",
    "What a change costs is said last: _in place_, _makes a new template_ (beside the one in use), or _REPLACES_ what it",
    "names. `<key>` stands for a name that you choose.",
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
    const { meaning, fallback } = described(property, schema.required?.includes(key) ?? false);
    const row = `| \`${path}\` | ${cell(valueOf(property))} | ${cell(fallback)} | ${cell(meaning)} |`;
    return [row, ...nested(property, path)];
  });
}

/** A default that the program decides is said in the description; the table has it where the others are. */
function described(property: Schema, required: boolean): { meaning: string; fallback: string } {
  const description = property.description ?? "";
  if (required) return { meaning: description, fallback: "required" };
  if (property.default !== undefined) return { meaning: description, fallback: code(property.default) };
  const [said = "", words = "none"] = /Default: (.+?)\.(?=\s|$)\s*/.exec(description) ?? [];
  return { meaning: description.replace(said, "").trim(), fallback: words };
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
  if (schema.patternErrorMessage !== undefined) return schema.patternErrorMessage;
  if (schema.format !== undefined) return FORMATS[schema.format] ?? schema.format;
  if (schema.type === "array") return listOf(schema);
  if (schema.type === "object") return objectOf(schema);
  if (schema.type === "integer") return `${schema.minimum ?? ""} to ${schema.maximum ?? ""}`;
  return schema.type === "string" ? "text" : [schema.type ?? ""].flat().join(" or ");
}

const FORMATS: Readonly<Record<string, string>> = { ipv4: "IPv4 address", ipv6: "IPv6 address" };

function listOf({ items, minItems, maxItems }: Schema): string {
  const most = maxItems === undefined ? "or more" : `to ${maxItems}`;
  const length = minItems === undefined ? "" : ` (${minItems} ${most})`;
  return `list${length} of: ${valueOf(items ?? {})}`;
}

const PLURALS: Readonly<Record<string, string>> = { string: "texts", number: "numbers", boolean: "true/false" };

function objectOf({ properties, additionalProperties, propertyNames }: Schema): string {
  if (properties !== undefined) return "object";
  const values = typeof additionalProperties === "object" ? [additionalProperties.type].flat() : [];
  const kinds = values.flatMap((type) => (type === undefined ? [] : (PLURALS[type] ?? [])));
  const keys = propertyNames?.patternErrorMessage;
  return `${kinds.join(", ") || "objects"} by key${keys === undefined ? "" : ` (keys: ${keys})`}`;
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
