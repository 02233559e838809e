import { loopbackUrl } from "./ports";
import { run, type RunOptions } from "./run";
import { parseTarget } from "./target";

/** Messages under way at any time and client, which keep every process of the tool busy. */
const IN_FLIGHT = 64;

/** Seconds that are measured, after a second of warm-up. */
const SECONDS = 2;

/** What the tool does with the same clients, servers, size and pattern where there is no middleware: messages a second. */
export async function measureCeiling(
  options: Pick<RunOptions, "pattern" | "clients" | "servers" | "size">,
  seconds = SECONDS,
): Promise<number> {
  const target = parseTarget(await loopbackUrl("sim", options.servers), "no middleware");
  const load = { kind: "closed", inFlight: IN_FLIGHT, clients: options.clients, warmup: 1, seconds } as const;
  const { achieved } = await run({ ...options, target, timeoutMs: 10_000, load });
  return achieved;
}
