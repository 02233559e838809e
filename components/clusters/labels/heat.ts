import type { Release } from "../../releases";
import all from "../facts/heat-labels.json";
import { within } from "../magnum";
import { refined } from "./kinds";
import type { LabelFacts, LabelKind, LabelTable } from "./label";

/** A label over the releases in which it stayed the same; types are those of Heat's parameters. */
interface Span {
  since: Release;
  until: Release;
  type: string;
  default?: string | number | boolean;
  values?: readonly string[];
  pattern?: string;
  meaning?: string;
}

/** Written by `tools/magnum-facts`, from the drivers' own code and Heat templates. */
const SPANS = all as unknown as Readonly<Record<string, Readonly<Record<string, readonly Span[]>>>>;

const KINDS: Readonly<Record<string, LabelKind>> = {
  string: "text",
  number: "number",
  boolean: "boolean",
  list: "list",
};

/** The labels of one of Magnum's own drivers at a release. */
export function heatLabels(driver: string): (release: Release) => LabelTable {
  return (release) =>
    Object.fromEntries(
      Object.entries(SPANS[driver] ?? {}).flatMap(([name, spans]) => {
        const span = spans.find((candidate) => within(release, candidate));
        return span === undefined ? [] : [[name, refined(name, factsOf(span))]];
      }),
    );
}

function factsOf({ type, default: fallback, values, pattern, meaning }: Span): LabelFacts {
  return {
    kind: KINDS[type] ?? "text",
    ...(fallback !== undefined && { fallback: String(fallback) }),
    ...(values && { values }),
    ...(pattern !== undefined && { pattern }),
    ...(meaning !== undefined && { meaning }),
  };
}
