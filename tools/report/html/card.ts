import { type ComponentChildren, h } from "preact";

import type { Change } from "../model";
import { kindOf } from "../urn";
import { diffLines, VERBS } from "../words";

/** One change: its cause is in view, its properties are folded. */
export function cardOf(change: Change): ComponentChildren {
  const { operation, layer, urn, atStake, diff } = change;
  const attributes = {
    class: `card ${operation}${atStake === undefined ? "" : " staked"}`,
    ...{ "data-change": "", "data-operation": operation, "data-layer": layer, title: urn },
  };
  const title = titleOf(change);
  if (diff.length === 0) return h("div", attributes, title);
  return h("details", attributes, h("summary", null, title), h("pre", null, diffLines(diff).map(lineOf)));
}

function titleOf({ operation, type, name, stack, layer, atStake, causes }: Change) {
  return [
    h("span", { class: `op ${operation}` }, VERBS[operation]),
    ` ${kindOf(type)} `,
    h("code", null, name),
    h("span", { class: "where" }, ` in ${stack}, ${layer}`),
    atStake === undefined ? null : h("p", { class: "stake" }, `At stake: ${atStake.what}.`),
    causes.length === 0
      ? null
      : h(
          "ul",
          null,
          causes.map((cause) => h("li", null, "because ", withCode(cause))),
        ),
  ];
}

const CLASSES: Record<string, string> = { "-": "gone", "+": "new", "!": "same" };

function lineOf(line: string) {
  return h("span", { class: CLASSES[line.charAt(0)] }, line);
}

/** A text with code in backticks. */
export function withCode(text: string): ComponentChildren[] {
  return text.split("`").map((part, at) => (at % 2 === 0 ? part : h("code", null, part)));
}
