/** Text for Markdown outside of code: nothing in it is markup, a mention or a link. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\*_~[\]|#]/g, String.raw`\$&`)
    .replace(/@(?=\w)/g, "@\u200b");
}

/** A text with code in backticks: what is between them stays, what is around them is escaped. */
export function withCode(text: string): string {
  return text
    .split("`")
    .map((part, at) => (at % 2 === 0 ? plain(part) : code(part)))
    .join("");
}

/** Code in a line; its fence is longer than any run of backticks in it. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ");
  const fence = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A block of code, complete with its fences. */
export function fenced(language: string, lines: readonly string[]): string {
  const text = lines.join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}\n`;
}

/** Text for a tag such as `<summary>`, in which Markdown is not read. */
export function html(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/@(?=\w)/g, "@\u200b");
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
