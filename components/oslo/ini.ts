import { UserError } from "../errors";

/** A value of an option; lists are joined by commas, or repeated where the option takes several lines. */
export type OptionValue = string | number | boolean | readonly string[];

/** Options by section. */
export type Sections = Readonly<Record<string, Readonly<Record<string, OptionValue>>>>;

/** Whether an option is set by one line a value (oslo.config's MultiOpt) instead of by a comma-separated list. */
export type IsMulti = (section: string, option: string) => boolean;

/**
 * Text that oslo.config's parser reads back as these values. A general INI writer will not do: that parser knows
 * repeated lines, interpolates `$`, takes a pair of quotes away and continues a value on indented lines.
 */
export function renderIni(sections: Sections, isMulti: IsMulti, heading: readonly string[] = []): string {
  const blocks = Object.entries(sections)
    .filter(([, options]) => Object.keys(options).length > 0)
    .map(([section, options]) => [`[${section}]`, ...linesOf(section, options, isMulti)].join("\n"));
  return (
    [...(heading.length > 0 ? [heading.map((line) => `# ${line}`).join("\n")] : []), ...blocks].join("\n\n") + "\n"
  );
}

function linesOf(section: string, options: Sections[string], isMulti: IsMulti): string[] {
  return Object.entries(options).flatMap(([option, value]) => {
    const where = `[${section}] ${option}`;
    if (Array.isArray(value) && isMulti(section, option)) {
      return (value as readonly string[]).map((item) => `${option} = ${quote(item, where)}`);
    }
    return [`${option} = ${quote(scalarText(value), where)}`];
  });
}

/** A value as one text; oslo.config's lists are comma-separated, and its booleans are `true` and `false`. */
export function scalarText(value: OptionValue): string {
  return typeof value === "object" ? value.map(listItem).join(",") : String(value);
}

/** An item with a comma is quoted, or it would be two. */
function listItem(item: string): string {
  return item.includes(",") ? `"${item}"` : item;
}

/** Escapes what oslo.config would change in a value: `$` starts the name of another option, in any source. */
export function escapeDollars(text: string, where: string): string {
  if (text.includes("\\$")) {
    throw new UserError(
      `\`${where}\` holds a backslash before a dollar sign, which oslo.config always reads as a dollar sign alone. Take the backslash away.`,
    );
  }
  return text.replaceAll("$", "$$$$");
}

function quote(text: string, where: string): string {
  if (/[\r\n]/.test(text)) throw new UserError(`\`${where}\` holds a line break; a value is one line.`);
  const escaped = escapeDollars(text, where);
  const edges = escaped !== escaped.trim();
  const quoted = /^(["']).*\1$/s.test(escaped);
  return edges || quoted ? `"${escaped}"` : escaped;
}
