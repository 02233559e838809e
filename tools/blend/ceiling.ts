import { loopbackUrl } from "./loopback";
import { run, type RunOptions } from "./run";
import { parseTarget } from "./target";

/** Messages under way at any time and client, which keep every process of the tool busy. */
const IN_FLIGHT = 64;

/** Seconds that are measured, after a second of warm-up. */
const SECONDS = 2;

type Shape = Pick<RunOptions, "pattern" | "clients" | "servers" | "size">;

const measured = new Map<string, Promise<number>>();

/**
 * What the tool does with the same clients, servers, size and pattern where there is no middleware: messages a second.
 * It is the same for every target: measured once in a process.
 */
export function measureCeiling({ pattern, clients, servers, size }: Shape, seconds = SECONDS): Promise<number> {
  const key = JSON.stringify([pattern, clients, servers, size, seconds]);
  const ceiling = measured.get(key) ?? measure({ pattern, clients, servers, size }, seconds);
  measured.set(key, ceiling);
  // Whoever comes next tries again.
  ceiling.catch(() => measured.delete(key));
  return ceiling;
}

async function measure(shape: Shape, seconds: number): Promise<number> {
  const target = parseTarget(await loopbackUrl("sim", shape.servers), "no middleware");
  const load = { kind: "closed", inFlight: IN_FLIGHT, clients: shape.clients, warmup: 1, seconds } as const;
  const { achieved } = await run({ ...shape, target, timeoutMs: 10_000, load });
  return achieved;
}
