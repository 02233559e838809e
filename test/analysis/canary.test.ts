import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { canaryArguments } from "../../components/analysis/data/canaryPlan";
import { CHECKOUT } from "../../tools/workspace/workspace";
import { type PythonEnv, pythonEnv } from "../support/pythonEnv";

const SCRIPT = join(CHECKOUT, "components/analysis/data/canary.py");

/** Two executors that are processes of their own, in folders of their own, on loopback. */
const SPARK = [
  ...["--master local-cluster[2,1,1024]", "--conf spark.executor.memory=512m", "--conf spark.ui.enabled=false"],
  ...["--conf spark.driver.host=127.0.0.1", "--conf spark.driver.bindAddress=127.0.0.1", "pyspark-shell"],
];

interface Line {
  where: string;
  path: string | null;
  problem: string | null;
}

describe("the canary", () => {
  const folder = mkdtempSync(join(tmpdir(), "fabric-canary-"));
  const mounts = join(folder, "cvmfs");
  let spark: PythonEnv;

  beforeAll(async () => {
    spark = await pythonEnv("pyspark", ["pyspark==4.0.4"]);
    mkdirSync(join(mounts, "sft.cern.ch/lcg/views"), { recursive: true });
    mkdirSync(join(mounts, "empty.cern.ch/lcg"), { recursive: true });
    writeFileSync(join(mounts, "sft.cern.ch/lcg/README"), "software\n");
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = async (paths: string[], executors = 0) => {
    const home = join(spark.dir, "lib");
    const { stdout: version } = await execa("python3", ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    const result = await execa(spark.python, [SCRIPT, ...canaryArguments(paths, 30, executors)], {
      cwd: folder,
      reject: false,
      timeout: 500_000,
      env: {
        SPARK_LOCAL_IP: "127.0.0.1",
        SPARK_HOME: join(home, `python${version}`, "site-packages/pyspark"),
        PYSPARK_PYTHON: spark.python,
        PYSPARK_SUBMIT_ARGS: SPARK.join(" "),
      },
    });
    const lines = result.stdout.split("\n").filter((line) => line.startsWith("{"));
    return { exitCode: result.exitCode, stderr: result.stderr, lines: lines.map((line) => JSON.parse(line) as Line) };
  };

  it("reads a file of each mount, or the one that is named, and ends well", async () => {
    const paths = [join(mounts, "sft.cern.ch"), join(mounts, "sft.cern.ch/lcg/README")];
    const { exitCode, lines } = await run(paths);
    expect(lines.map(({ path, problem }) => [path, problem])).toEqual(paths.map((path) => [path, null]));
    expect(exitCode).toBe(0);
  });

  it("fails, and says each mount that is missing or has nothing in it", async () => {
    const { exitCode, stderr } = await run(
      ["sft.cern.ch", "empty.cern.ch", "atlas.cern.ch"].map((r) => join(mounts, r)),
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/MISSING on pod .*empty\.cern\.ch is not readable: .*no file that can be read/);
    expect(stderr).toMatch(/MISSING on pod .*atlas\.cern\.ch is not readable: .*No such file/);
    expect(stderr).not.toMatch(/MISSING.*sft/);
  });

  it("reads in the driver and in every executor of a real Spark, and fails for what only the driver has", async () => {
    // Relative to the driver's folder, in which executors are not.
    const everywhere = join(mounts, "sft.cern.ch");
    const { exitCode, lines, stderr } = await run([everywhere, "cvmfs/sft.cern.ch"], 2);
    const problems = (where: string, path: string) =>
      lines.filter((line) => line.where.startsWith(where) && line.path === path).map(({ problem }) => problem);
    expect(problems("driver", everywhere)).toEqual([null]);
    expect(problems("executor", everywhere)).toEqual([null, null]);
    expect(problems("driver", "cvmfs/sft.cern.ch")).toEqual([null]);
    expect(problems("executor", "cvmfs/sft.cern.ch")).toEqual([
      expect.stringContaining("No such file"),
      expect.stringContaining("No such file"),
    ]);
    expect(new Set(lines.map(({ where }) => where)).size).toBe(3);
    expect(stderr).toMatch(/MISSING on executor .*: cvmfs\/sft\.cern\.ch is not readable/);
    expect(exitCode).toBe(1);
  });
});
