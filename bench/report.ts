import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Command } from "commander";
import { execa } from "execa";

const CHECKOUT = join(__dirname, "../..");

/** A preview that the engine made of a whole stack; its steps are repeated. */
const RECORDING = join(CHECKOUT, "test/fixtures/previews/network-range.json");

/** What reads the same file and writes it again: less than that no report can do. */
const PEER = `const fs = require("node:fs"); const [, from, to] = process.argv;
fs.writeFileSync(to, JSON.stringify(JSON.parse(fs.readFileSync(from, "utf8"))));`;

/** Writes a preview of so many steps. */
function writePreview(file: string, count: number): void {
  const preview = JSON.parse(readFileSync(RECORDING, "utf8")) as { steps: { op: string; urn: string }[] };
  const changes = preview.steps.filter(({ op }) => op !== "same");
  const steps = Array.from({ length: count }, (_, at) => {
    const step = changes[at % changes.length];
    return { ...step, urn: `${step?.urn ?? ""}-${String(at).padStart(5, "0")}` };
  });
  writeFileSync(file, JSON.stringify({ ...preview, steps }));
}

async function seconds(args: readonly string[]): Promise<number> {
  const started = performance.now();
  await execa(process.execPath, args);
  return (performance.now() - started) / 1000;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function main({ runs, steps }: { runs: string; steps: string }): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "fabric-bench-"));
  try {
    const preview = join(dir, "preview.json");
    writePreview(preview, Number(steps));
    const report = join(CHECKOUT, "dist/tools/report/main.js");
    const [ours, peer]: [number[], number[]] = [[], []];
    for (let run = 0; run <= Number(runs); run++) {
      const times = [
        await seconds([report, "--preview", `rec=${preview}`, "--out", dir]),
        await seconds(["-e", PEER, preview, join(dir, "copy.json")]),
      ] as const;
      // The first run of each warms caches and is not counted.
      if (run === 0) continue;
      ours.push(times[0]);
      peer.push(times[1]);
    }
    const [a, b] = [median(ours), median(peer)];
    const size = (statSync(preview).size / 1e6).toFixed(0);
    console.log(
      `${`report, ${steps} steps, ${size} MB`.padEnd(28)} ours ${a.toFixed(2)} s   parse and write ${b.toFixed(2)} s   ratio ${(a / b).toFixed(2)}`,
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

void new Command("bench-report")
  .description("Times the report of a large preview beside reading and writing the same file; prints a line.")
  .option("--runs <count>", "counted runs of each side", "5")
  .option("--steps <count>", "steps of the preview", "5000")
  .action(main)
  .parseAsync();
