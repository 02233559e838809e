import { isIP } from "node:net";

import type { LabelFacts, LabelKind } from "./label";

/** What a configuration may give: YAML's numbers and booleans as well as texts. */
export type LabelValue = string | number | boolean;

/** The text that is sent for a value; undefined where the label does not take it. */
export function normalised(facts: LabelFacts, given: LabelValue): string | undefined {
  const text = FORMS[facts.kind](given);
  if (text === undefined) return undefined;
  if (facts.values !== undefined && !facts.values.map((value) => value.toLowerCase()).includes(text.toLowerCase())) {
    return undefined;
  }
  if (facts.pattern !== undefined && !new RegExp(`^(?:${facts.pattern})$`).test(text)) return undefined;
  if (facts.kind === "number" && !inRange(facts, Number(text))) return undefined;
  return facts.values?.find((value) => value.toLowerCase() === text.toLowerCase()) ?? text;
}

/** What a label takes, in words. */
export function allowed(facts: LabelFacts): string {
  const unit = facts.unit === undefined ? "" : ` (${facts.unit})`;
  if (facts.values !== undefined) return `one of ${facts.values.filter((value) => value !== "").join(", ")}`;
  if (facts.pattern === "^$|.*/") return "a text that ends with a slash";
  if (facts.kind !== "number") return WORDS[facts.kind];
  return `a whole number from ${facts.min ?? 0} to ${facts.max ?? MAX_NUMBER}${unit}`;
}

/** Heat's numbers have no bounds; beyond this they are mistakes. */
const MAX_NUMBER = 1_000_000;

function inRange({ min = 0, max = MAX_NUMBER }: LabelFacts, value: number): boolean {
  return value >= min && value <= max;
}

const WORDS: Readonly<Record<LabelKind, string>> = {
  text: "a text (quote it), without line breaks",
  number: "a whole number",
  boolean: "true or false",
  list: "a text of values separated by commas",
  cidr: "an IPv4 network such as 10.100.0.0/16",
  cidrs: "IPv4 or IPv6 networks separated by commas",
  url: "a URL that begins with http:// or https://",
  sha256: "64 hexadecimal digits",
  version: "a version such as v1.28.9 or v1.28.9-rancher1",
  json: "a text that is JSON",
};

const textual = (test: (text: string) => boolean) => (given: LabelValue) =>
  typeof given === "string" && !/[\r\n]/.test(given) && test(given) ? given : undefined;

/** The text of a value by the kind of label. */
const FORMS: Readonly<Record<LabelKind, (given: LabelValue) => string | undefined>> = {
  text: textual(() => true),
  number: (given) =>
    typeof given !== "boolean" && /^\d{1,15}$/.test(String(given)) ? String(Number(given)) : undefined,
  boolean: (given) => (/^(true|false)$/i.test(String(given)) ? String(given).toLowerCase() : undefined),
  list: textual((text) => text !== ""),
  cidr: textual((text) => isNetwork(text, 4)),
  cidrs: textual((text) => text.split(",").every((part) => isNetwork(part.trim(), 4) || isNetwork(part.trim(), 6))),
  url: textual((text) => /^https?:\/\/\S+$/.test(text)),
  sha256: textual((text) => /^[0-9a-f]{64}$/i.test(text)),
  version: textual((text) => /^v\d+\.\d+\.\d+([-+][\w.-]+)?$/.test(text)),
  json: textual(isJson),
};

function isNetwork(text: string, version: 4 | 6): boolean {
  const [address = "", length = ""] = text.split("/");
  return isIP(address) === version && /^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
