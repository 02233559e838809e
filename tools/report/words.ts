import type { Change, Operation, PropertyDiff } from "./model";
import { kindOf } from "./urn";

/** An operation as a verb in front of what it is done to. */
export const VERBS: Record<Operation, string> = {
  replace: "REPLACE",
  delete: "DELETE",
  create: "create",
  update: "update",
};

/** An operation as it is said of counted resources. */
export const DONE: Record<Operation, string> = {
  replace: "replaced",
  delete: "deleted",
  create: "created",
  update: "updated in place",
};

/** A change in a few words. */
export function sentenceOf({ operation, type, name, stack }: Change): string {
  return `${operation} of ${kindOf(type)} \`${name}\` in \`${stack}\``;
}

/** Properties as lines of a diff; what replaces is marked. */
export function diffLines(diff: readonly PropertyDiff[]): string[] {
  return diff.flatMap(({ path, old, new: made, replaces }) => {
    const mark = replaces ? "  # replaces" : "";
    if (old === made) return [`! ${path}: ${old ?? "changes"}${mark}`];
    return [
      ...(old === undefined ? [] : [`- ${path}: ${old}${made === undefined ? mark : ""}`]),
      ...(made === undefined ? [] : [`+ ${path}: ${made}${mark}`]),
    ];
  });
}
