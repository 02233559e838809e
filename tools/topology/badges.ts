import { type BoxChange, type Operation, OPERATIONS, SIGNS, thousands } from "./model";
import { textWidth } from "./text";

/** A mark at a box's corner: what happens to it, or to how many of it. */
export interface Badge {
  operation: Operation;
  text: string;
}

export function badgesOf(change: BoxChange | undefined): Badge[] {
  return OPERATIONS.flatMap((operation) => {
    const count = change?.counts[operation];
    if (count === undefined) return [];
    return [{ operation, text: change?.single === true ? SIGNS[operation] : `${SIGNS[operation]}${thousands(count)}` }];
  });
}

export function badgeWidth({ text }: Badge): number {
  return textWidth(text, 13) + 14;
}
