import { z } from "zod";

import { matches } from "../components/wildcard";
import type { Finding, Resource } from "./rule";
import { textOf } from "./values";

/** Configuration of an allow-list, which is off until it has an entry. */
export function allowListConfig(of: string) {
  return z.strictObject({
    allowed: z
      .array(z.string().min(1))
      .default([])
      .describe(`${of} that may be used; \`*\` stands for anything. None given: all may be.`),
  });
}

/** Properties by type of resource. */
export type Fields = Readonly<Record<string, readonly string[]>>;

/** What a resource uses and the list does not have. What a preview does not know is judged at the update. */
export function notAllowed({ type, props }: Resource, fields: Fields, allowed: readonly string[]): Finding[] {
  if (allowed.length === 0) return [];
  return (fields[type] ?? []).flatMap((field) => {
    const used = textOf(props[field]);
    if (used === undefined || allowed.some((pattern) => matches(pattern, used))) return [];
    return [
      {
        found: `\`${field}\` is ${used}`,
        allowed: allowed.join(", "),
        fix: "use one of these, or have it added to the rule's `allowed`",
      },
    ];
  });
}
