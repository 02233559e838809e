import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { execa } from "execa";

import type { PlannedRun } from "../../components/analysis/runs/plan";
import { runnerFolder } from "../../components/analysis/runs/runnerFiles";
import { UserError } from "../../components/errors";
import { withProgress } from "../workspace/progress";
import { lockedPackages, pythonEnv } from "../workspace/pythonEnv";
import { ensureJava } from "./java";

/** A result, by its manifest. */
export interface Outcome {
  state: "finished" | "skipped";
  /** Folder of the result. */
  prefix: string;
  manifest: Manifest;
}

export interface Manifest {
  address: string;
  name: string;
  rerun: string | null;
  parameters: Record<string, unknown>;
  inputs: Record<string, unknown>;
  outputs: Record<string, { sha256: string; bytes: number }>;
  started: string;
  finished: string;
  software: { python: string; spark?: string; packages: Record<string, string> };
}

const MANIFEST = "_SUCCESS.json";

/** The result that is there, found without starting anything; what only a run can see is left to the run. */
export function finishedResult({ prefix, address }: PlannedRun): Outcome | undefined {
  const file = join(prefix, MANIFEST);
  if (!prefix.endsWith(`/${address}/`) || !existsSync(file)) return undefined;
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  const whole = Object.keys(manifest.outputs).every((name) => existsSync(join(prefix, name)));
  return whole ? { state: "skipped", prefix, manifest } : undefined;
}

/** Runs it on this machine with real Spark, unless its result is there. */
export async function runLocally(planned: PlannedRun): Promise<Outcome> {
  const finished = finishedResult(planned);
  if (finished !== undefined) return finished;
  const { python, env } = await environmentOf(planned);
  const folder = mkdtempSync(join(tmpdir(), "fabric-analysis-"));
  try {
    const report = join(folder, "report.json");
    await execute(planned, { folder, report, python, env });
    return JSON.parse(readFileSync(report, "utf8")) as Outcome;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Execution {
  folder: string;
  report: string;
  python: string;
  env: Record<string, string>;
}

async function execute({ run, analysis }: PlannedRun, { folder, report, python, env }: Execution): Promise<void> {
  const file = join(folder, "run.json");
  writeFileSync(file, JSON.stringify(run));
  for (const { path, content } of analysis.code) {
    mkdirSync(dirname(join(folder, "code", path)), { recursive: true });
    writeFileSync(join(folder, "code", path), content);
  }
  const args = [join(runnerFolder(), "main.py"), file, "--report", report, "--with-parent"];
  // Its standard input stays open as long as this process lives: it ends when that is closed.
  const options = { env, cwd: folder, reject: false, stdin: "pipe", stdout: "inherit", stderr: "inherit" } as const;
  const child = execa(python, [...args, "--code", join(folder, "code")], options);
  const { exitCode, signal } = await interruptible(child, () => child.kill("SIGTERM"));
  if (exitCode === 0) return;
  const ended = signal === undefined ? `with code ${exitCode}` : `by ${signal}`;
  throw new UserError(`The run ended ${ended}; what it said is above. It has published nothing.`);
}

async function interruptible<T>(work: PromiseLike<T>, stop: () => void): Promise<T> {
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work;
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/** Python with Spark of the run's version, and the packages of its lock, as its pods would have them. */
async function environmentOf({ run, analysis }: PlannedRun) {
  if (run.spark !== null) await ensureJava();
  const python =
    run.spark === null
      ? (await pythonEnv("plain", [])).python
      : await withProgress(`looking for Spark ${run.spark}, the first time installing it from PyPI`, async () => {
          return (await pythonEnv("pyspark", [`pyspark==${run.spark}`])).python;
        });
  const { lock } = analysis;
  const packages =
    lock &&
    (await withProgress("looking for the packages of the lock, the first time installing them", () =>
      lockedPackages("analysis", python, lock),
    ));
  return { python, env: { ...sparkEnv(analysis.definition.resources.driver.memory), PYTHONPATH: packages ?? "" } };
}

function sparkEnv(memory: string): Record<string, string> {
  const heap = memory.replace(/i$/, "").toLowerCase();
  // Spark's progress bar rewrites its line, which a file or a log cannot.
  const bar = `spark.ui.showConsoleProgress=${process.stderr.isTTY === true}`;
  const conf = ["spark.ui.enabled=false", "spark.driver.bindAddress=127.0.0.1", "spark.driver.host=127.0.0.1", bar];
  const settings = conf.flatMap((setting) => ["--conf", setting]);
  const args = ["--master", `local[${availableParallelism()}]`, "--driver-memory", heap, ...settings];
  return {
    PYSPARK_SUBMIT_ARGS: [...args, "pyspark-shell"].join(" "),
    SPARK_LOCAL_IP: "127.0.0.1",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}
