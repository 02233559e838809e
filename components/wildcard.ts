/** Whether a text is meant by a pattern in which `*` stands for anything within a line. */
export function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.split("*").map(literal).join(".*")}$`).test(text);
}

function literal(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
}
