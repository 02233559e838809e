import { randomBytes } from "node:crypto";

/** A topic that nobody used before. */
export function newTopic(): string {
  return `blend-${randomBytes(4).toString("hex")}`;
}
