import { z } from "zod";

const previewSchema = z.looseObject({
  steps: z.array(z.looseObject({ op: z.string(), urn: z.string() })).default([]),
});

/** Where and when the program ran. */
const OF_THE_RUN = new Set(["sourcePosition", "stackTrace", "created", "modified"]);

function isUnchanged({ op, oldState, newState }: Record<string, unknown>): boolean {
  return op === "same" || (op === "refresh" && JSON.stringify(oldState) === JSON.stringify(newState));
}

/** A recorded preview without what changes from run to run and what no reader of it looks at. */
export function compact(output: string): string {
  const preview = previewSchema.parse(JSON.parse(output.slice(output.indexOf("{"))));
  const { config, duration, ...rest } = preview;
  void config;
  void duration;
  const steps = preview.steps.map((step) => (isUnchanged(step) ? { op: step.op, urn: step.urn } : step));
  return (
    JSON.stringify({ ...rest, steps }, (key, value: unknown) => (OF_THE_RUN.has(key) ? undefined : value), 1) + "\n"
  );
}
