import { z } from "zod";

import { UserError } from "../../components/errors";
import { urnParts } from "../../components/urn";

const stateSchema = z.object({
  type: z.string().optional(),
  custom: z.boolean().optional(),
  parent: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
  dependencies: z.array(z.string()).optional(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  additionalSecretOutputs: z.array(z.string()).nullish(),
});

const kindsSchema = z.record(z.string(), z.object({ kind: z.string(), inputDiff: z.boolean().optional() }));

const stepSchema = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: stateSchema.nullish(),
  newState: stateSchema.nullish(),
  replaceReasons: z.array(z.string()).nullish(),
  diffReasons: z.array(z.string()).nullish(),
  detailedDiff: kindsSchema.nullish(),
});

const previewSchema = z.object({
  config: z.record(z.string(), z.unknown()).optional(),
  // The engine writes no list where there is nothing.
  steps: z.array(stepSchema).nullish(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
  diagnostics: z.array(z.object({ message: z.string().optional(), severity: z.string().optional() })).nullish(),
});

export type ResourceState = z.output<typeof stateSchema>;
export type Step = z.output<typeof stepSchema>;

/** What the engine said of one stack. */
export interface Preview {
  stack: string;
  config: Record<string, unknown>;
  /** What changes; what stays is mostly left out by the engine. */
  steps: Step[];
  /** Resources and components that stay as they are. */
  unchanged: number;
  warnings: string[];
}

/**
 * Reads what `pulumi preview --json` printed.
 * @throws UserError where the text is none, is of another stack, or says that the preview failed.
 */
export function readPreview(stack: string, text: string, source: string): Preview {
  const read = previewSchema.safeParse(parseJson(text, source));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new UserError(
      `${source}: not a preview: \`${issue?.path.join(".") ?? ""}\` ${issue?.message ?? ""}. Make it by \`pulumi preview --json\`.`,
    );
  }
  const { config = {}, steps, diagnostics, changeSummary } = read.data;
  const said = (severity: string) => (diagnostics ?? []).filter((one) => one.severity === severity).map(textOf);
  const errors = said("error");
  if (errors.length > 0) throw new UserError(`${source}: the preview failed: ${errors.join(" ")}`);
  checkStack(stack, steps ?? [], source);
  const unchanged = changeSummary?.["same"] ?? 0;
  return { stack, config, steps: steps ?? [], unchanged, warnings: said("warning") };
}

const textOf = ({ message = "" }: { message?: string }) => message.replace(/^(warning|error): /, "").trim();

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseEvents(text, source);
  }
}

type EventBody = Record<string, unknown> & { metadata?: Record<string, unknown> };

/** The engine's own log, an event a line, as `PULUMI_ENABLE_STREAMING_JSON_PREVIEW` has it. */
function parseEvents(text: string, source: string): unknown {
  const steps: unknown[] = [];
  const diagnostics: unknown[] = [];
  let changeSummary: unknown;
  try {
    for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
      const event = JSON.parse(line) as Record<string, EventBody | undefined>;
      const { metadata } = event["resourcePreEvent"] ?? {};
      if (metadata !== undefined) steps.push(stepOf(metadata));
      changeSummary = event["summaryEvent"]?.["resourceChanges"] ?? changeSummary;
      if (event["diagnosticEvent"] !== undefined) diagnostics.push(event["diagnosticEvent"]);
    }
  } catch {
    throw new UserError(`${source}: neither JSON nor lines of JSON. Make it by \`pulumi preview --json\`.`);
  }
  return { steps, diagnostics, changeSummary };
}

/** An event's names of what a preview calls otherwise. */
function stepOf({
  old,
  new: made,
  keys,
  diffs,
  detailedDiff,
  ...rest
}: Record<string, unknown>): Record<string, unknown> {
  const kinds = Object.entries((detailedDiff ?? {}) as Record<string, { diffKind?: string; inputDiff?: boolean }>);
  const renamed = Object.fromEntries(
    kinds.map(([path, { diffKind, inputDiff }]) => [path, { kind: diffKind, inputDiff }]),
  );
  return { ...rest, oldState: old, newState: made, replaceReasons: keys, diffReasons: diffs, detailedDiff: renamed };
}

function checkStack(stack: string, steps: readonly Step[], source: string): void {
  const [step] = steps;
  const of = step && urnParts(step.urn).stack;
  const name = stack.split("/").at(-1);
  if (of === undefined || of === name) return;
  throw new UserError(
    `${source}: given as stack "${stack}", but it previews stack "${of}". Write \`--preview ${of}=…\`.`,
  );
}
