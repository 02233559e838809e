import { z } from "zod";

import { UserError } from "../../components/errors";

const state = z.looseObject({
  type: z.string(),
  /** Components are not: nothing stands for them anywhere but in the state. */
  custom: z.boolean().default(true),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
});

const step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: state.nullish(),
  newState: state.nullish(),
  diffReasons: z.array(z.string()).nullish(),
  replaceReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.looseObject({ kind: z.string(), inputDiff: z.boolean().optional() })).nullish(),
});

/** One step of a plan, as `pulumi preview --json` prints it (`display/json.go`, `PreviewStep`). */
export type Step = z.output<typeof step>;

const preview = z.looseObject({ steps: z.array(step).default([]) });

/**
 * The steps of what `pulumi preview --json` printed for a stack; lines before the JSON are passed over.
 * @throws UserError where it is no preview, or one that failed.
 */
export function readPreview(stack: string, text: string, file: string): Step[] {
  const refuse = (why: string) =>
    new UserError(`--preview ${stack}=${file}: ${why} Write it by \`pulumi preview --json -s ${stack} > ${file}\`.`);
  const start = text.search(/^\{/m);
  if (start < 0) throw refuse("there is no JSON in it.");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.slice(start));
  } catch {
    throw refuse("its JSON is not complete.");
  }
  const found = preview.safeParse(parsed);
  if (found.success) return found.data.steps;
  const [issue] = found.error.issues;
  throw refuse(`\`${issue?.path.join(".") ?? ""}\` is not what a preview has (${issue?.message ?? "unknown"}).`);
}
