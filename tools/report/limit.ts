/** A piece of a text that is cut between its rows only: without a row it is left out, tail and all. */
export interface Part {
  head: string;
  rows?: readonly string[];
  tail?: string;
}

/** Room for the line that says what is left out, in characters. */
const LAST_LINE = 600;

/**
 * Joins parts in their order, as many of their rows as the limit has room for, and says how many are left out. Lengths
 * are in UTF-16 units, of which hosts that count characters count no more.
 */
export function fit(parts: readonly Part[], limit: number, leftOut: (rows: number) => string): string {
  const whole = parts.map(({ head, rows = [], tail = "" }) => head + rows.join("") + tail).join("");
  if (whole.length <= limit) return whole;
  let room = limit - LAST_LINE;
  let left = 0;
  let text = "";
  for (const { head, rows, tail = "" } of parts) {
    const taken: string[] = [];
    let size = head.length + tail.length;
    for (const row of rows ?? []) {
      if (size + row.length > room) break;
      taken.push(row);
      size += row.length;
    }
    left += (rows?.length ?? 0) - taken.length;
    if (rows !== undefined && taken.length === 0) continue;
    text += head + taken.join("") + tail;
    room -= size;
  }
  return text + leftOut(left).slice(0, LAST_LINE);
}
