import { readFileSync } from "node:fs";

import { convert } from "xmlbuilder2";

import { UserError } from "../../components/errors";

/** What may run or fetch: a picture goes into a page as it is. */
const ACTIVE =
  /<(script|foreignObject|iframe|image|use)\b|\son\w+\s*=|(?:href|src)\s*=\s*["'](?!#)|javascript:|@import|url\((?!#)/i;

/**
 * Reads a picture that goes into the page.
 * @throws UserError for what is no SVG, or does more than show.
 */
export function readPicture(stack: string, file: string): string {
  const refuse = (why: string) => new UserError(`--picture ${stack}=${file}: ${why}.`);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : "unreadable");
  }
  try {
    convert(text, { format: "object" });
  } catch {
    throw refuse("it is not well-formed XML");
  }
  const start = text.indexOf("<svg");
  if (start < 0) throw refuse("it is no SVG");
  const found = ACTIVE.exec(text.slice(start));
  if (found !== null) throw refuse(`\`${found[0].trim()}\` may not be in a page; make it by tools/topology`);
  return text.slice(start);
}
