import { Command } from "commander";

import { renderRouterConfig } from "../components/messaging/mesh/config";
import { planMesh } from "../components/messaging/mesh/plan";

/** Edge routers of the plans that are timed; the last is the largest mesh. */
const SIZES = [1000, 2000, 5000, 10_000];

const ZONES = ["az-1", "az-2", "az-3"].map((zone, at) => ({ zone, cidr: `10.20.${at * 32}.0/19` }));

/** Plans a mesh of 64 interior routers and as many edges, and renders every router's configuration. */
function measure(count: number, runs: number): void {
  const [plans, renderings]: [number[], number[]] = [[], []];
  for (let run = 0; run <= runs; run++) {
    const started = performance.now();
    const { routers, edges } = planMesh("bench", { interior: 64, connectivity: 3, edges: { racks: { count } } }, ZONES);
    const planned = performance.now();
    for (const router of [...routers, ...edges]) renderRouterConfig(router);
    // The first run warms the compiler up and is not counted.
    if (run === 0) continue;
    plans.push(planned - started);
    renderings.push(performance.now() - planned);
  }
  console.log(
    `${`mesh of 64 + ${count} routers`.padEnd(28)} plan ${figure(plans, count)}   render ${figure(renderings, count)}`,
  );
}

function figure(milliseconds: readonly number[], count: number): string {
  const median = milliseconds.toSorted((a, b) => a - b)[Math.floor(milliseconds.length / 2)] ?? Number.NaN;
  return `${(median / 1000).toFixed(3)} s (${((median * 1000) / (count + 64)).toFixed(0)} µs a router)`;
}

new Command("bench-mesh")
  .description("Times the mesh's planner and the rendering of its configurations; prints a line a size.")
  .option("--runs <count>", "counted runs of each size", "5")
  .action(({ runs }: { runs: string }) => {
    for (const size of SIZES) measure(size, Number(runs));
  })
  .parse();
