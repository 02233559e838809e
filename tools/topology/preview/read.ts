import { z } from "zod";

import { UNKNOWN_TEXT } from "../../../components/engineValues";
import { UserError } from "../../../components/errors";
import { urnParts } from "../../../components/urn";
import type { Operation } from "../model";

/** The engine's operations by what they mean to a reader; what is not here changes nothing. */
const MEANING: Readonly<Record<string, Operation>> = {
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
  "discard-replaced": "replace",
  delete: "delete",
  discard: "delete",
};

const stateSchema = z.looseObject({
  inputs: z.record(z.string(), z.unknown()).optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
});

const previewSchema = z.looseObject({
  steps: z.array(
    z.looseObject({
      op: z.string(),
      urn: z.string().regex(/^urn:pulumi:[^:]+::[^:]+::.+::.+/),
      provider: z.string().optional(),
      oldState: stateSchema.nullish(),
      newState: stateSchema.nullish(),
      diffReasons: z.array(z.string()).nullish(),
      replaceReasons: z.array(z.string()).nullish(),
    }),
  ),
  diagnostics: z.array(z.looseObject({ severity: z.string() })).nullish(),
});

/** A step of a preview, as far as a picture needs it. */
export interface Step {
  /** None where nothing changes. */
  operation?: Operation;
  urn: string;
  /** Types from the outermost component to the resource's own. */
  chain: string[];
  type: string;
  name: string;
  /** URN of the parent. */
  parent?: string;
  /** Name of the provider resource. */
  provider?: string;
  /** Inputs before and after. */
  before: Readonly<Record<string, unknown>>;
  after: Readonly<Record<string, unknown>>;
  /** Names of properties that are the reason. */
  reasons: string[];
}

export interface Preview {
  stack: string;
  steps: Step[];
  /** Errors that the engine reported: the preview is then not whole. */
  errors: number;
}

/**
 * Parses what `pulumi preview --json` wrote; `source` says for errors what it was read from.
 * @throws UserError if it is no JSON.
 */
export function parsePreview(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notOne(source, "it is no JSON");
  }
}

/**
 * Reads a preview's steps.
 * @throws UserError if it is something else.
 */
export function previewOf(json: unknown, source = "the preview"): Preview {
  const { success, data } = previewSchema.safeParse(json);
  if (!success) throw notOne(source, "it has no steps of the engine");
  const [first] = data.steps;
  if (first === undefined) throw notOne(source, "it has no steps");
  const errors = (data.diagnostics ?? []).filter(({ severity }) => severity === "error").length;
  // The engine's own order differs from run to run.
  const steps = merged(data.steps.map(stepOf)).sort((a, b) => (a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0));
  return { stack: urnParts(first.urn).stack, steps, errors };
}

function notOne(source: string, why: string): UserError {
  return new UserError(`${source} is no preview: ${why}. Write one by \`pulumi preview --json > preview.json\`.`);
}

function stepOf(step: z.output<typeof previewSchema>["steps"][number]): Step {
  const { op, urn, oldState, newState, diffReasons, replaceReasons } = step;
  const { types: chain, type, name } = urnParts(urn);
  const reasons = [...new Set([...(replaceReasons ?? []), ...(diffReasons ?? [])])].filter(
    (reason) => !reason.startsWith("__"),
  );
  return {
    operation: MEANING[op],
    ...{ urn, chain, type, name, reasons: reasons.sort() },
    parent: newState?.parent ?? oldState?.parent,
    provider: (newState?.provider ?? oldState?.provider ?? step.provider)?.split("::")[3],
    before: oldState?.inputs ?? {},
    after: newState?.inputs ?? {},
  };
}

/** One step a resource: a replacement may be told in three, and what is refreshed first is told twice. */
function merged(steps: readonly Step[]): Step[] {
  const found = new Map<string, Step>();
  for (const step of steps) {
    const before = found.get(step.urn);
    const whole = before && {
      ...before,
      operation: both(before.operation, step.operation),
      before: { ...step.before, ...before.before },
      after: { ...before.after, ...step.after },
      reasons: [...new Set([...before.reasons, ...step.reasons])].sort(),
    };
    found.set(step.urn, whole ?? step);
  }
  return [...found.values()];
}

function both(first: Operation | undefined, second: Operation | undefined): Operation | undefined {
  return first === undefined || second === undefined || first === second ? (first ?? second) : "replace";
}

/** A text of the state that may be shown: not a secret, not unknown, and short. */
export function textIn(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "" || value.length > 128) return undefined;
  return value.includes(UNKNOWN_TEXT) || value.includes("[secret]") ? undefined : value;
}

export function numberIn(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The inputs that are left after the update, or those that were there of what goes. */
export function inputsOf({ operation, before, after }: Step): Readonly<Record<string, unknown>> {
  const [first, second] = operation === "delete" ? [before, after] : [after, before];
  return Object.keys(first).length > 0 ? first : second;
}
