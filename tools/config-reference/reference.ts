import { format } from "prettier";

import { NAMESPACE } from "../../stacks/config/file";
import { type Section, SECTIONS } from "../../stacks/config/schema";
import { analysisFiles } from "./analysisDefinition";
import { policyFiles } from "./policies";
import { jsonSchemaOf, rows, type Schema } from "./tables";

const SECTION_NAMES = Object.keys(SECTIONS) as Section[];

/** Every generated file with its text, by its path in the checkout. */
export async function generatedFiles(): Promise<Record<string, string>> {
  return {
    "docs/pulumi-config.schema.json": renderJsonSchema(),
    "docs/configuration.md": await format(renderMarkdown(), { parser: "markdown", printWidth: 120 }),
    ...(await analysisFiles()),
    ...(await policyFiles()),
  };
}

function schemaOf(section: Section): Schema {
  return jsonSchemaOf(SECTIONS[section]);
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
