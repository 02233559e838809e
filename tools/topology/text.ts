/** Sizes of the text that boxes are cut for, in pixels. */
export const TEXT = { title: 14, line: 12, padding: 14, lineHeight: 17, titleHeight: 24 } as const;

/** The longest line that a box is widened for; longer ones are cut, and the tooltip has them whole. */
const MAX_TEXT = 48;

export function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_TEXT ? text : `${characters.slice(0, MAX_TEXT - 1).join("")}…`;
}

/** Width of a text, estimated: there is no font to measure with; wide enough for any sans-serif. */
export function textWidth(text: string, size: number): number {
  const ems = [...text].map((character) => ((character.codePointAt(0) ?? 0) > 0x2e7f ? 1.05 : 0.6));
  return Math.ceil(ems.reduce((sum, em) => sum + em, 0) * size);
}
