import { format } from "prettier";

import { definitionSchema } from "../../components/analysis/runs/definition";
import { jsonSchemaOf, rows } from "./tables";

/** Reference and JSON Schema of an `analysis.yaml`, by their paths in the checkout. */
export async function analysisFiles(): Promise<Record<string, string>> {
  const schema = { ...jsonSchemaOf(definitionSchema), title: "A reusable analysis" };
  return {
    "docs/analysis.schema.json": JSON.stringify(schema, undefined, 2) + "\n",
    "docs/analysis-definition.md": await format(renderMarkdown(), { parser: "markdown", printWidth: 120 }),
  };
}

function renderMarkdown(): string {
  return [
    "# A reusable analysis: `analysis.yaml`",
    "",
    "> Generated from [`components/analysis/runs/definition.ts`](../components/analysis/runs/definition.ts) by `make docs`, and",
    "> checked by `make check`. Do not edit this page; edit the schema.",
    "",
    "One file is one analysis; [the dimuon spectrum](../examples/dimuon/analysis.yaml) is an example. An editor with the YAML",
    "language server completes and checks it when its first line is:",
    "",
    "```yaml",
    "# yaml-language-server: $schema=<path of this repository>/docs/analysis.schema.json",
    "```",
    "",
    "_New address_ stands where another value makes other results: the analysis is run again then. Everything else changes no",
    "result, and runs nothing.",
    "",
    "| key | value | default | meaning |",
    "| --- | --- | --- | --- |",
    ...rows(jsonSchemaOf(definitionSchema), ""),
    "",
  ].join("\n");
}
