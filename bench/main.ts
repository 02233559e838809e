import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Command } from "commander";
import { execa } from "execa";

import { type BenchProject, makeProject } from "./project";
import { findTerraform, prepareTerraform } from "./terraform";

/** One line of the benchmark: the same work done by us and by a peer, in turn. */
interface Figure {
  name: string;
  ours: () => Promise<unknown>;
  peer: () => Promise<unknown>;
  peerName: string;
}

/** Sizes of the previews; 1,000 is where a slow start no longer hides the cost of a resource. */
const SIZES = [1, 100, 1000];

/** Runs both sides in turn, so that a machine whose speed drifts is as unfair to the one as to the other. */
async function measure(figure: Figure, runs: number): Promise<void> {
  const ours: number[] = [];
  const peer: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const times = [await seconds(figure.ours), await seconds(figure.peer)] as const;
    // The first run of each warms caches and is not counted.
    if (run === 0) continue;
    ours.push(times[0]);
    peer.push(times[1]);
  }
  const [a, b] = [median(ours), median(peer)];
  console.log(
    `${figure.name.padEnd(28)} ours ${a.toFixed(2)} s   ${figure.peerName} ${b.toFixed(2)} s   ratio ${(a / b).toFixed(2)}`,
  );
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e9;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function preview(project: BenchProject, resources: number): () => Promise<unknown> {
  const env = { ...project.env, BENCH_RESOURCES: String(resources) };
  return () => execa("pulumi", ["preview", "--non-interactive", "--stack", "bench"], { cwd: project.dir, env });
}

async function main(options: { runs: string }): Promise<void> {
  const runs = Number(options.runs);
  const terraform = await findTerraform();
  if (terraform === undefined)
    throw new Error(
      "neither terraform nor tofu is on PATH; `sandbox/toolchain/toolchain ensure tofu tofu-openstack` builds one",
    );
  const compiled = await makeProject("compiled");
  const interpreted = await makeProject("ts-node");
  const dir = mkdtempSync(join(tmpdir(), "fabric-bench-"));
  try {
    for (const size of SIZES) {
      await prepareTerraform(terraform, dir, size);
      const peer = () => execa(terraform, ["plan", "-no-color", "-input=false"], { cwd: dir });
      await measure(
        { name: `preview, ${size} resources`, ours: preview(compiled, size), peer, peerName: `${terraform} plan` },
        runs,
      );
    }
    const name = "preview, 1 resource";
    await measure(
      { name, ours: preview(compiled, 1), peer: preview(interpreted, 1), peerName: "pulumi with ts-node" },
      runs,
    );
  } finally {
    for (const folder of [dir, compiled.dir, interpreted.dir]) rmSync(folder, { recursive: true, force: true });
  }
}

new Command("bench")
  .description("Compares with peers, both sides in turn in the same run; prints a line a figure.")
  .option("--runs <count>", "counted runs of each side", "5")
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
