import { create } from "xmlbuilder2";

import { UserError } from "../../../components/errors";

/** What a picture may be made of: shapes and texts, nothing that runs or loads. */
const ELEMENTS = new Set(
  (
    "svg g defs symbol use title desc style rect circle ellipse line path polyline polygon text tspan " +
    "marker clipPath mask pattern linearGradient radialGradient stop"
  ).split(" "),
);

type Node = ReturnType<typeof create>["node"];

/**
 * A picture that can be put into the page.
 * @throws UserError where it is no SVG, or holds what runs or loads something: the page must do neither.
 */
export function readPicture(text: string, source: string): string {
  // The parser takes other texts, too.
  if (!text.trimStart().startsWith("<")) throw new UserError(`${source} is no SVG: it begins with no tag.`);
  let root: ReturnType<typeof create>;
  try {
    root = create(text).root();
  } catch (error) {
    throw new UserError(`${source} is no SVG: ${error instanceof Error ? error.message : String(error)}`);
  }
  const findings = [...new Set(findingsOf(root.node))].sort();
  if (root.node.nodeName !== "svg") findings.unshift(`its root is <${root.node.nodeName}>, and must be <svg>`);
  if (findings.length > 0) {
    throw UserError.all(findings.map((finding) => `${source} cannot be shown: ${finding}.`));
  }
  return root.toString({ headless: true });
}

function findingsOf(node: Node): string[] {
  const { nodeName, textContent } = node;
  // Texts and comments do nothing.
  if (!("attributes" in node)) return [];
  const element = node as Node & { attributes: Iterable<{ name: string; value: string }> };
  const own = ELEMENTS.has(nodeName) ? [] : [`<${nodeName}> is not allowed`];
  if (nodeName === "style" && loads(textContent ?? "")) own.push("its style loads something");
  for (const { name, value } of element.attributes) {
    if (/^on/i.test(name)) own.push(`\`${name}\` of <${nodeName}> would run`);
    if (/(^|:)href$/i.test(name) && !value.startsWith("#")) own.push(`\`${name}\` of <${nodeName}> leads out of it`);
    if (!name.startsWith("xmlns") && loads(value)) own.push(`\`${name}\` of <${nodeName}> loads something`);
  }
  return [...own, ...[...element.childNodes].flatMap(findingsOf)];
}

function loads(style: string): boolean {
  return /@import|javascript:/i.test(style) || /url\(\s*(?!["']?#)/i.test(style);
}
