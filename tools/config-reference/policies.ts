import { readFileSync } from "node:fs";
import { join } from "node:path";

import { format } from "prettier";

import type { Rule } from "../../policies/rule";
import { RULES } from "../../policies/rules";
import { CHECKOUT } from "../workspace/workspace";
import { jsonSchemaOf, rows } from "./tables";

const PAGE = "docs/policies.md";

/** What is between these lines of the page is written; the rest is by hand. */
const BEGIN = "<!-- Written by `make docs` from policies/rules/; checked by `make check`. -->";
const END = "<!-- End of what is written. -->";

/** The page on the policy pack, with the rules as they describe themselves. */
export async function policyFiles(): Promise<Record<string, string>> {
  const page = readFileSync(join(CHECKOUT, PAGE), "utf8");
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has lost the lines around its tables`);
  const text = [before + BEGIN, "", ...renderRules(), "", END + after].join("\n");
  return { [PAGE]: await format(text, { parser: "markdown", printWidth: 120 }) };
}

function renderRules(): string[] {
  return [
    "| rule | what it demands | judges | level | source |",
    "| --- | --- | --- | --- | --- |",
    ...RULES.map(
      (rule) =>
        `| \`${rule.name}\` | ${rule.description} | ${"check" in rule ? "each resource" : "the stack"} | ${rule.level} | ${rule.source} |`,
    ),
    "",
    "Settings, by rule:",
    "",
    "| setting | value | default | meaning |",
    "| --- | --- | --- | --- |",
    ...RULES.flatMap(settingsOf),
  ];
}

function settingsOf({ name, config }: Rule): string[] {
  return rows(jsonSchemaOf(config), `${name}.`);
}
