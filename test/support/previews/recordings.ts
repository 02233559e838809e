import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type Preview, readPreview } from "../../../tools/report/preview";
import { CHECKOUT } from "../../../tools/workspace/workspace";

/** Where the recordings lie; `record.ts` makes them. */
export const FOLDER = join(CHECKOUT, "test/fixtures/previews");

/** Every recording by its name, in order. */
export function recordings(): string[] {
  return readdirSync(FOLDER)
    .flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? [])
    .sort();
}

/** What the engine printed. */
export function recordedText(name: string): string {
  return readFileSync(join(FOLDER, `${name}.json`), "utf8");
}

/** A recording, as the report reads it. */
export function recorded(name: string): Preview {
  const text = recordedText(name);
  const stack = /"urn:pulumi:([^:]+)::/.exec(text)?.[1] ?? "";
  return readPreview(stack, text, `${name}.json`);
}
