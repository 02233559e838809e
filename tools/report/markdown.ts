import { blocksOf } from "./markdownBlocks";
import type { Report } from "./model";

/** Below this nothing useful fits. */
export const SMALLEST_LIMIT = 1_000;

/** A list that may lose items at its end, and whole blocks that are left out where they do not fit. */
export interface Block {
  head: string;
  /** Each is complete by itself: it opens and closes what it opens. */
  items: string[];
  tail: string;
  /** Whether there is room for it before there is for the others. */
  first?: boolean;
}

export interface MarkdownOptions {
  /** Characters that the host takes: 65,536 on GitHub, 1,000,000 on GitLab. */
  limit: number;
  /** Where the whole report is: an address, or a file's name. */
  details: string;
}

/** Hosts count characters, not the 16-bit units of a JavaScript string. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/**
 * The report as a comment of a merge request, never longer than the limit. What does not fit is left out by whole
 * items, and the text says how much that is and where it is to be read.
 */
export function renderMarkdown(report: Report, { limit, details }: MarkdownOptions): string {
  const blocks = blocksOf(report);
  const footer = (left: number) =>
    left === 0
      ? `\n<sub>The whole report: ${details}</sub>\n`
      : `\n**${left} more details are left out here, since the host takes ${limit} characters; all of it: ${details}**\n`;
  let room = limit - lengthOf(footer(Number.MAX_SAFE_INTEGER));
  let left = 0;
  const fitted = new Map<Block, string>();
  for (const block of [...blocks.filter(({ first }) => first), ...blocks.filter(({ first }) => !first)]) {
    const part = fit(block, room);
    left += part.left;
    room -= lengthOf(part.text);
    fitted.set(block, part.text);
  }
  return blocks.map((block) => fitted.get(block) ?? "").join("") + footer(left);
}

/** As many of a block's items as there is room for. */
function fit({ head, items, tail }: Block, room: number): { text: string; left: number } {
  const more = (left: number) => `- … and ${left} more\n`;
  const frame = lengthOf(head) + lengthOf(tail);
  const lengths = items.map(lengthOf);
  const all = lengths.reduce((sum, length) => sum + length, frame);
  if (all <= room) return { text: head + items.join("") + tail, left: 0 };
  let used = frame + lengthOf(more(items.length));
  let kept = 0;
  while (kept < items.length && used + (lengths[kept] ?? 0) <= room) used += lengths[kept++] ?? 0;
  const left = items.length - kept;
  if (kept === 0) return { text: "", left: Math.max(left, 1) };
  return { text: head + items.slice(0, kept).join("") + more(left) + tail, left };
}
