/** What differs between machines and runs, and says nothing of the change. */
const DROPPED = new Set(["stackTrace", "sourcePosition", "duration", "timestamp"]);

/** Operations of which no report shows what the cloud said; they are most of a large preview. */
const WITHOUT_OUTPUTS = new Set(["delete", "refresh", "same"]);

type Bag = Record<string, unknown>;

/** A preview as it is kept: as the engine printed it, without what says nothing; a step a line. */
export function compactPreview(text: string): string {
  if (!isDocument(text)) return compactEvents(text.split("\n").filter(Boolean));
  const { steps = [], ...rest } = strip(JSON.parse(text)) as Bag & { steps?: Bag[] };
  const lines = steps.map((step) => JSON.stringify(withoutOutputs(step, ["oldState", "newState"])));
  return `{"steps":[\n${lines.join(",\n")}\n],${JSON.stringify(rest).slice(1)}\n`;
}

/**
 * Of every resource the event before its step; the one after it says the same again. Debug messages are dropped: the
 * engine writes inputs into them with their secrets in the clear.
 */
function compactEvents(lines: readonly string[]): string {
  const events = lines.map((line) => strip(JSON.parse(line)) as Bag & { resourcePreEvent?: { metadata: Bag } });
  const isDebug = (event: Bag) => (event["diagnosticEvent"] as { severity?: string } | undefined)?.severity === "debug";
  const kept = events.filter((event) => event["resOutputsEvent"] === undefined && !isDebug(event));
  for (const { resourcePreEvent: event } of kept) {
    if (event !== undefined) event.metadata = withoutOutputs(event.metadata, ["old", "new"]);
  }
  return kept.map((event) => `${JSON.stringify(event)}\n`).join("");
}

function isDocument(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (DROPPED.has(key) ? [] : [[key, strip(item)]])),
  );
}

function withoutOutputs(step: Bag, states: readonly string[]): Bag {
  if (!WITHOUT_OUTPUTS.has(String(step["op"]))) return step;
  return Object.fromEntries(
    Object.entries(step).map(([key, value]) => [key, states.includes(key) ? bare(value) : value]),
  );
}

function bare(state: unknown): unknown {
  if (typeof state !== "object" || state === null) return state;
  const { outputs: _, ...rest } = state as Bag;
  return rest;
}
