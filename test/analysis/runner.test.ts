import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterEach, describe, expect, test } from "vitest";

import { SMALL, written as write } from "../support/analysis/definitions";
import { runAnalysis, startTool, tool } from "../support/analysis/tool";
import { eventually } from "../support/members";

const folders: string[] = [];

/** An analysis whose code is given, and where its results go. */
function analysis(code: string, changes: object = {}, files: Record<string, string> = {}) {
  const file = write({ ...SMALL, parameters: {}, ...changes }, { "count.py": code, ...files });
  const folder = dirname(file);
  folders.push(folder);
  const results = join(folder, "results", "counting");
  return { file, folder, results };
}

afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const COUNT = `
def run(context):
    with open(context.output("count.txt"), "w") as file:
        file.write("3")
`;

/** Says that it has begun, writes half of its output, and waits for a sign. */
const SLOW = (folder: string) => `
import os, time

def run(context):
    with open(context.output("count.txt"), "w") as file:
        file.write("half")
        file.flush()
        open("${folder}/pid", "w").write(str(os.getpid()))
        while not os.path.exists("${folder}/go"):
            time.sleep(0.1)
        file.write(" and whole")
`;

const SPARK = {
  runs: "spark",
  image: "registry.example.org/spark:4.0.4-s3",
  outputs: { to: "s3a://a", files: ["count.txt"] },
};

/** Kills a run of the code half-way, sees that nothing of it is published and no process left, and runs it again. */
async function afterKill({ file, folder, results }: { file: string; folder: string; results: string }, code: string) {
  writeFileSync(join(folder, "count.py"), code);
  const killed = startTool(["run", file]);
  const pid = await begun(folder, killed);
  killed.kill("SIGKILL");
  await killed;
  await gone(pid);
  expect(published(results)).toEqual([]);
  writeFileSync(join(folder, "go"), "");
  return runAnalysis(file);
}

describe("A run", () => {
  test("that was killed half-way is not finished, leaves no process, and the next one finishes it", async () => {
    const { file, folder, results } = analysis("");
    const next = await afterKill({ file, folder, results }, SLOW(folder));
    expect(next.state).toBe("finished");
    expect(readFileSync(join(next.prefix, "count.txt"), "utf8")).toBe("half and whole");
    expect(readdirSync(join(results, ".attempts"))).toEqual([]);
  });

  test("on real Spark that was killed half-way is not finished, and the next one finishes it", async () => {
    const { file, folder, results } = analysis("", SPARK);
    const code = `${SLOW(folder)}        file.write(f" {context.spark.range(10).count()}")\n`;
    const next = await afterKill({ file, folder, results }, code);
    expect(readFileSync(join(next.prefix, "count.txt"), "utf8")).toBe("half and whole 10");
    expect((await runAnalysis(file)).state).toBe("skipped");
  });

  test("whose files were moved but not said to be whole is made anew", async () => {
    const { file, results } = analysis(COUNT);
    const { prefix, manifest } = await runAnalysis(file);
    rmSync(join(prefix, "_SUCCESS.json"));
    writeFileSync(join(prefix, "left-over.txt"), "of the killed run");
    const next = await runAnalysis(file);
    expect(next.state).toBe("finished");
    expect(next.manifest.outputs).toEqual(manifest.outputs);
    expect(readdirSync(prefix).sort()).toEqual(["_SUCCESS.json", "count.txt"]);
    expect(published(results)).toHaveLength(1);
  });

  test("whose result has lost a file is made anew", async () => {
    const { file } = analysis(COUNT);
    const { prefix } = await runAnalysis(file);
    rmSync(join(prefix, "count.txt"));
    expect((await runAnalysis(file)).state).toBe("finished");
    expect(readFileSync(join(prefix, "count.txt"), "utf8")).toBe("3");
  });

  test("that fails, or writes not all that it should, publishes nothing and says why", async () => {
    const failing = analysis("def run(context):\n    raise ValueError('no events')\n");
    const failed = await tool(["run", failing.file]);
    expect(failed).toMatchObject({ exitCode: 1 });
    expect(failed.stderr).toMatch(
      /ValueError: no events\nerror: count.py failed; what it said is above\. Nothing was published\./,
    );
    expect(published(failing.results)).toEqual([]);
    const silent = await tool(["run", analysis("def run(context):\n    pass\n").file]);
    expect(silent.stderr).toContain("count.py did not write count.txt, which `outputs.files` expects");
    const without = await tool(["run", analysis("").file]);
    expect(without.stderr).toContain("count.py has no function `run`: write `def run(context):`");
  });

  test("that takes longer than its timeout is ended", async () => {
    const { file, results } = analysis("import time\ndef run(context):\n    time.sleep(600)\n", { timeout: 10 });
    const said = await tool(["run", file]);
    expect(said.exitCode).toBe(1);
    expect(said.stderr).toContain("error: ended after 10 s, which is its `timeout`");
    expect(published(results)).toEqual([]);
  });

  test("removes results that are older than they are kept", async () => {
    const { file, results } = analysis(COUNT, { keep: { results: 30 } });
    const old = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+Z/, "Z");
    for (const days of [29, 31]) {
      mkdirSync(join(results, `of-${days}-days`), { recursive: true });
      writeFileSync(
        join(results, `of-${days}-days`, "_SUCCESS.json"),
        JSON.stringify({ finished: old(days), outputs: {} }),
      );
    }
    const { manifest } = await runAnalysis(file);
    expect(published(results)).toEqual([manifest.address, "of-29-days"].sort());
  });
});

describe("Inputs", () => {
  const READ = `
def run(context):
    with open(context.inputs["events"]) as file, open(context.output("count.txt"), "w") as output:
        output.write(str(len(file.readlines())))
`;

  test("below the definition's folder are found, and another content is another run", async () => {
    const { file, folder } = analysis(READ, { inputs: { events: { from: "events.csv" } } }, { "events.csv": "1\n2\n" });
    const first = await runAnalysis(file);
    expect(readFileSync(join(first.prefix, "count.txt"), "utf8")).toBe("2");
    writeFileSync(join(folder, "events.csv"), "1\n2\n3\n");
    const second = await runAnalysis(file);
    expect(second.manifest.address).not.toBe(first.manifest.address);
    expect(readFileSync(join(second.prefix, "count.txt"), "utf8")).toBe("3");
  });

  test("that are observed run the analysis again when they have changed, and only then", async () => {
    const inputs = { events: { from: "events.csv", observe: true } };
    const { file, folder } = analysis(READ, { inputs }, { "events.csv": "1\n" });
    const first = await runAnalysis(file);
    expect((await runAnalysis(file)).state).toBe("skipped");
    writeFileSync(join(folder, "events.csv"), "1\n2\n");
    const second = await runAnalysis(file);
    expect(second).toMatchObject({ state: "finished" });
    expect(second.prefix).not.toBe(first.prefix);
  });

  test("whose checksum is another are refused before anything runs", async () => {
    const inputs = { events: { from: "events.csv", checksum: `sha256:${"0".repeat(64)}` } };
    const { file, results } = analysis(READ, { inputs }, { "events.csv": "1\n" });
    const said = await tool(["run", file]);
    expect(said.stderr).toMatch(/error: input `events`: sha256 of .* is [0-9a-f]{64}, and the definition says 0{64}/);
    expect(published(results)).toEqual([]);
  });
});

describe("Results on a file system of Hadoop's", () => {
  const WRITE = `
def run(context):
    context.spark.range(1000).write.parquet(context.dataset("numbers"))
    with open(context.output("plots/count.txt"), "w") as file:
        file.write(str(context.spark.range(7).count()))
`;

  test("are published, found again before Spark starts anything, and made anew where half of them is there", async () => {
    const outputs = { to: "s3a://a", files: ["numbers", "plots/count.txt"] };
    const { file, folder } = analysis(WRITE, { ...SPARK, outputs });
    const to = ["--to", `file://${folder}/hadoop`];
    const first = await runAnalysis(file, ...to);
    expect(first.state).toBe("finished");
    const prefix = first.prefix.replace("file://", "");
    const names = Object.keys(first.manifest.outputs);
    expect(names).toContain("plots/count.txt");
    expect(names.filter((name) => /^numbers\/part-.*\.parquet$/.test(name)).length).toBeGreaterThan(0);
    for (const name of names) expect(existsSync(join(prefix, name)), name).toBe(true);
    const again = await tool(["run", file, ...to]);
    expect(again.stdout).toMatch(/^Not run/);
    rmSync(join(prefix, "_SUCCESS.json"));
    expect(await runAnalysis(file, ...to)).toMatchObject({ state: "finished", prefix: first.prefix });
  });
});

/** Addresses of results that are said to be whole. */
function published(results: string): string[] {
  if (!existsSync(results)) return [];
  return readdirSync(results)
    .filter((name) => existsSync(join(results, name, "_SUCCESS.json")))
    .sort();
}

/** The process of a slow run, once it has written half of its output; rejects when the tool ends before that. */
async function begun(folder: string, running: ReturnType<typeof startTool>): Promise<string> {
  const file = join(folder, "pid");
  const read = () => Promise.resolve(existsSync(file) ? readFileSync(file, "utf8") : "");
  const ended = running.then(({ stderr }) => Promise.reject(new Error(`it ended before it was killed: ${stderr}`)));
  return Promise.race([eventually(read, (pid) => pid !== "", 600), ended]);
}

async function gone(pid: string): Promise<void> {
  await eventually(
    () => Promise.resolve(existsSync(`/proc/${pid}`)),
    (there) => !there,
  );
}
