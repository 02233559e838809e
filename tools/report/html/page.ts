import { createHash } from "node:crypto";

import { type ComponentChildren, h } from "preact";
import { renderToStaticMarkup } from "preact-render-to-string";

import { type Change, isDestructive, LAYERS, OPERATIONS, type Report } from "../model";
import { DONE } from "../words";
import { cardOf, withCode } from "./card";
import { SCRIPT } from "./script";
import { STYLE } from "./style";

/** A picture of a stack: SVG that `readPicture` has checked. */
export interface Picture {
  stack: string;
  svg: string;
}

/** The whole report as one page that loads nothing and runs nothing but its own script. */
export function renderHtml(report: Report, pictures: readonly Picture[] = []): string {
  return `<!doctype html>\n${renderToStaticMarkup(h("html", { lang: "en" }, head(report), body(report, pictures)))}\n`;
}

function head({ stacks }: Report) {
  const hash = createHash("sha256").update(SCRIPT).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return h(
    "head",
    null,
    h("meta", { charSet: "utf-8" }),
    h("meta", { httpEquiv: "Content-Security-Policy", content: policy }),
    h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    h("title", null, `Preview of ${stacks.map(({ stack }) => stack).join(", ")}`),
    raw("style", STYLE),
  );
}

function body(report: Report, pictures: readonly Picture[]) {
  const { changes, stacks } = report;
  const destructive = changes.filter(isDestructive);
  return h(
    "body",
    null,
    h(
      "header",
      null,
      h("h1", null, `Preview of ${stacks.map(({ stack }) => stack).join(", ")}`),
      h("button", { id: "theme", type: "button" }, "Light / dark"),
    ),
    h(
      "main",
      null,
      destructive.length === 0
        ? h("p", null, changes.length === 0 ? "Nothing changes." : "Nothing is replaced or deleted.")
        : null,
      filterForm(),
      group("Replaced and deleted", destructive),
      verdict(report),
      counts(report),
      pictures.map(figure),
      ...(["create", "update"] as const).flatMap((operation) =>
        LAYERS.map((layer) => {
          const own = changes.filter((change) => change.operation === operation && change.layer === layer);
          return group(`${own.length} ${DONE[operation]} in ${layer}`, own);
        }),
      ),
      warnings(report),
    ),
    raw("script", SCRIPT),
  );
}

function filterForm() {
  const choice = (name: string, label: string, values: readonly string[]) =>
    h(
      "select",
      { name, "aria-label": label },
      h("option", { value: "" }, label),
      values.map((value) => h("option", { value }, value)),
    );
  return h(
    "form",
    null,
    h("input", {
      name: "text",
      type: "search",
      placeholder: "Filter: name, type, stack, property …",
      "aria-label": "Filter",
    }),
    choice("operation", "every operation", OPERATIONS),
    choice("layer", "every layer", LAYERS),
    h("button", { id: "folds", type: "button" }, "Open / close all"),
    h("output", null),
  );
}

function group(title: string, changes: readonly Change[]) {
  return changes.length === 0 ? null : section(title, { "data-group": "" }, changes.map(cardOf));
}

function section(title: string, attributes: Record<string, string>, ...children: ComponentChildren[]) {
  return h("section", attributes, h("h2", null, title), children);
}

function verdict({ verdict: { refused, approved, idle } }: Report) {
  if (refused.length + approved.length + idle.length === 0) return null;
  const what = ({ operation, name, stack }: Change) => [operation, " of ", h("code", null, name), ` in ${stack}`];
  return section(
    "Policy",
    {},
    h(
      "ul",
      null,
      refused.map((change) => h("li", null, h("span", { class: "refused" }, "refused"), ": ", what(change))),
      approved.map(({ change, why }) =>
        h("li", null, h("span", { class: "approved" }, "approved"), ": ", what(change), `: ${why}`),
      ),
      idle.map(({ resource, reason, until }) =>
        h(
          "li",
          null,
          "approval of ",
          h("code", null, resource),
          reason === "expired" ? ` expired: it was until ${until}` : " is not needed",
        ),
      ),
    ),
  );
}

function counts({ stacks }: Report) {
  const rows = stacks.flatMap(({ stack, layers, unchanged }) => [
    ...LAYERS.flatMap((layer) => {
      const own = layers[layer];
      if (own === undefined) return [];
      return [
        h(
          "tr",
          null,
          h("td", null, stack),
          h("td", null, layer),
          OPERATIONS.map((operation) => h("td", { class: "number" }, own[operation])),
        ),
      ];
    }),
    h("tr", null, h("td", null, stack), h("td", { colSpan: 5, class: "where" }, `${unchanged} unchanged`)),
  ]);
  const titles = OPERATIONS.map((operation) => h("th", { class: "number" }, DONE[operation]));
  return section(
    "Counts",
    {},
    h(
      "table",
      null,
      h("thead", null, h("tr", null, h("th", null, "stack"), h("th", null, "layer"), titles)),
      h("tbody", null, rows),
    ),
  );
}

/** In a shadow of its own: a picture's style and ids are not the page's, nor another picture's. */
function figure({ stack, svg }: Picture) {
  return h(
    "figure",
    null,
    h("figcaption", null, `Topology of ${stack}`),
    h("div", { dangerouslySetInnerHTML: { __html: `<template shadowrootmode="open">${svg}</template>` } }),
  );
}

function warnings({ stacks }: Report) {
  const items = stacks.flatMap(({ stack, warnings: said }) =>
    said.map((text) => h("li", null, `${stack}: `, withCode(text))),
  );
  return items.length === 0 ? null : section("Warnings of the engine", {}, h("ul", null, items));
}

/** The page's own style and script, which must not be escaped. */
function raw(tag: "style" | "script", text: string) {
  return h(tag, { dangerouslySetInnerHTML: { __html: text } });
}
