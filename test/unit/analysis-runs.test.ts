import { rmSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterEach, describe, expect, test } from "vitest";

import { canonicalJson } from "../../components/analysis/runs/address";
import { loadAnalysis } from "../../components/analysis/runs/load";
import { lockFindings } from "../../components/analysis/runs/lock";
import { planRun, type RunOptions } from "../../components/analysis/runs/plan";
import { CODE, SMALL, written as write } from "../support/analysis/definitions";

const folders: string[] = [];

function written(definition: object, files = CODE as Record<string, string | Buffer>): string {
  const file = write(definition, files);
  folders.push(dirname(file));
  return file;
}

afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const load = (changes: object = {}, files?: Record<string, string | Buffer>) =>
  loadAnalysis(written({ ...SMALL, ...changes }, files));
const addressOf = (changes: object = {}, options: RunOptions = {}, files?: Record<string, string | Buffer>) =>
  planRun(load(changes, files), options).address;

const HASH = "a".repeat(64);
const INPUT = { from: "https://data.example.org/events.root", checksum: `sha256:${HASH}` };
const SPARK = {
  runs: "spark",
  image: "registry.example.org/spark:4.0.4-s3",
  outputs: { to: "s3a://results", files: ["count.txt"] },
};

const LOCKED = { image: undefined, environment: { over: SMALL.image, lock: "r.lock" } };

describe("An analysis' definition", () => {
  test("is accepted with its defaults", () => {
    const { definition, code } = load();
    expect(definition).toMatchObject({ retries: 0, timeout: 86_400, keep: { logs: 7 }, inputs: {} });
    expect(code.map(({ path }) => path)).toEqual(["count.py"]);
  });

  test("is refused with every mistake at once, the file and the nearest name", () => {
    const mistaken = { ...SMALL, name: "Counting", retry: 2, image: "python", outputs: { to: "results", files: [] } };
    expect(() => loadAnalysis(written(mistaken))).toThrow(
      /5 problems:\n.*analysis.yaml: `name` must be lower-case.*got "Counting"\.\n.*`image` must be an image with a tag.*got "python"\.\n.*`outputs.to` must be .*got "results"\.\n.*`outputs.files` must be of at least 1 item.*\n.*`retry` is not known; did you mean `retries`\?/s,
    );
  });

  test("is refused where it has no file of the name, or is no YAML", () => {
    expect(() => loadAnalysis("/nowhere/analysis.yaml")).toThrow("there is no such file. Give the path");
    expect(() => load({}, {})).toThrow("`code.files[0]` is count.py, which is not in");
    const broken = written(SMALL);
    expect(() => loadAnalysis(join(broken, "..", "count.py"))).toThrow();
  });

  test.each([
    [{ image: "registry.example.org/python:latest" }, "`image` must be an image with a tag other than `latest`"],
    [{ image: undefined }, "give either `image`"],
    [{ environment: { over: SMALL.image, lock: "r.lock" } }, "give either `image`"],
    [
      { code: { files: ["count.py"], entry: "other.py" } },
      "`code.entry` is other.py, which `code.files` does not have",
    ],
    [{ code: { files: ["../count.py"], entry: "count.py" } }, "`code.files.0` must be a path below this file's folder"],
    [{ ...SPARK, image: `registry.example.org/spark@sha256:${HASH}` }, "must be a version of Spark 3 or 4"],
    [{ outputs: { to: "s3a://bucket", files: ["a"] } }, "which a Job cannot write to"],
    [{ schedule: { cron: "0 3 * *" } }, "`schedule.cron` must be five fields"],
    [{ schedule: { cron: "0 3 * * *", timeZone: "Europe/Geneva" } }, "a time zone of the IANA database"],
    [{ schedule: { cron: "0 3 * * *" } }, "`schedule` would run nothing after the first time"],
    [{ inputs: { events: { from: "s3a://bucket/events" } } }, "`inputs.events` does not say which data are meant"],
    [{ inputs: { events: { ...INPUT, revision: "2" } } }, "says checksum and revision"],
    [{ inputs: { events: { from: "ftp://example.org/a" } } }, "`inputs.events.from` must be root://"],
    [{ inputs: { events: { from: "absent.csv" } } }, "`inputs.events.from` is absent.csv, which is not in"],
    [{ parameters: { a: { type: "choice" } } }, "`parameters.a`: a choice needs `choices`"],
    [{ parameters: { a: { type: "string", min: 1 } } }, "which has no `min` or `max`"],
    [
      { parameters: { a: { type: "integer", default: 1.5 } } },
      "`parameters.a.default` must be a whole number, got 1.5",
    ],
    [{ parameters: { a: { type: "number", min: 2, max: 1 } } }, "`parameters.a.min` is 2, above its `max` of 1"],
  ])("is refused with the fix: %j", (changes, message) => {
    expect(() => load(changes)).toThrow(message);
  });
});

describe("An environment's lock", () => {
  const locked = `numpy==2.2.6 \\\n    --hash=sha256:${HASH}\n`;

  test("is accepted when every package has a version and a hash", () => {
    expect(lockFindings("requirements.lock", `# made by uv\n${locked}`)).toEqual([]);
    expect(lockFindings("requirements.lock", `six==1.17.0 ; python_version < "3.11" --hash=sha256:${HASH}`)).toEqual(
      [],
    );
  });

  test.each([
    ["requirements.lock", `${locked}scipy==1.15.3\n`, "does not lock scipy"],
    ["requirements.lock", `scipy>=1 --hash=sha256:${HASH}`, "does not lock scipy"],
    ["requirements.lock", "", "is empty"],
    ["requirements.lock", `--extra-index-url https://example.org\n${locked}`, "has an option"],
    ["uv.lock", "", "`uv export --frozen --no-emit-project -o requirements.lock`"],
    ["conda-lock.yml", "", "an image made of it"],
  ])("is refused with the fix: %s %j", (path, text, message) => {
    expect(lockFindings(path, text).join("\n")).toContain(message);
  });
});

describe("Parameters", () => {
  const declared = {
    events: { type: "integer", default: 10, min: 1, max: 1_000_000 },
    cut: { type: "number", default: 2.5 },
    fast: { type: "boolean", default: false },
    label: { type: "string", default: "a" },
    fit: { type: "choice", default: "gauss", choices: ["gauss", "voigt"] },
    seed: { type: "integer" },
  };
  const resolve = (parameters: Record<string, string>) =>
    planRun(load({ parameters: declared }), { parameters }).run.parameters;

  test("are read from text as their types", () => {
    const given = { events: "1e3", cut: "-.5", fast: "true", label: "7", fit: "voigt", seed: "0" };
    expect(resolve(given)).toEqual({ events: 1000, cut: -0.5, fast: true, label: "7", fit: "voigt", seed: 0 });
  });

  test("are refused all at once, with what is allowed and the nearest name", () => {
    expect(() => resolve({ event: "5", events: "0", cut: "wide", fast: "yes", fit: "gaus" })).toThrow(
      new RegExp(
        [
          "`event` is no parameter of this analysis; did you mean `events`\\?.*",
          '`cut` must be a number, got "wide"\\..*',
          "`events` must be a whole number from 1 to 1000000, got 0\\..*",
          '`fast` must be true or false, got "yes"\\..*',
          '`fit` must be one of gauss, voigt, got "gaus"\\..*',
          "`seed` has no default: give it, a whole number\\.",
        ].join(""),
        "s",
      ),
    );
  });
});

describe("An address", () => {
  test("is the same for the same analysis, wherever it lies and however its definition is ordered", () => {
    const reversed = Object.fromEntries(Object.entries(SMALL).reverse());
    expect(addressOf()).toBe(planRun(loadAnalysis(written(reversed))).address);
    expect(addressOf()).toMatch(/^[0-9a-f]{24}$/);
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });

  test("stays with what changes no result", () => {
    const same: object[] = [
      { name: "other" },
      { description: "words" },
      { retries: 3 },
      { timeout: 60 },
      { keep: { results: 5, logs: 1 } },
      { resources: { job: { cpu: 8, memory: "16Gi" } } },
      { outputs: { ...SMALL.outputs, to: "/eos/elsewhere" } },
      { schedule: { cron: "@daily", each: "always" } },
    ];
    for (const changes of same) expect(addressOf(changes), JSON.stringify(changes)).toBe(addressOf());
    expect(addressOf({}, { to: "/somewhere" })).toBe(addressOf());
    expect(addressOf({}, { parameters: { words: "3" } })).toBe(addressOf());
  });

  test("changes with each thing that a result depends on", () => {
    const spark = { ...SPARK, sparkVersion: "4.0.4" };
    const others = [
      addressOf(),
      addressOf({}, { parameters: { words: "4" } }),
      addressOf({}, {}, { "count.py": "def run(context):\n    return\n" }),
      addressOf({ code: { files: ["count.py", "more.py"], entry: "count.py" } }, {}, { ...CODE, "more.py": "" }),
      addressOf({ code: { files: ["count.py"], entry: "count.py:other" } }),
      addressOf({ image: "registry.example.org/python:3.12.9" }),
      addressOf({ outputs: { ...SMALL.outputs, files: ["count.txt", "more.txt"] } }),
      addressOf({ inputs: { events: INPUT } }),
      addressOf({ inputs: { events: { ...INPUT, checksum: `sha256:${"b".repeat(64)}` } } }),
      addressOf({ inputs: { events: { from: "s3a://bucket/events", revision: "1" } } }),
      addressOf({ inputs: { events: { from: "s3a://bucket/events", revision: "2" } } }),
      addressOf({ inputs: { events: { from: "s3a://bucket/other", revision: "2" } } }),
      addressOf({ inputs: { events: { from: "s3a://bucket/events", observe: true } } }),
      addressOf({}, { rerun: "again" }),
      addressOf({}, { rerun: "once more" }),
      addressOf(spark),
      addressOf({ ...spark, sparkVersion: "4.0.3" }),
      addressOf(LOCKED, {}, lockFiles("a")),
      addressOf(LOCKED, {}, lockFiles("b")),
    ];
    expect(new Set(others).size).toBe(others.length);
  });

  test("is that of a copy elsewhere, when a checksum says what the data are", () => {
    const local = load({ inputs: { events: { from: "events.csv" } } }, { ...CODE, "events.csv": "1,2\n" });
    const checksum = `sha256:${local.localInputs["events"]}`;
    const remote = { inputs: { events: { from: "s3a://bucket/events.csv", checksum } } };
    expect(addressOf(remote)).toBe(planRun(local).address);
  });

  test("is a part of the object's name and of the result's prefix", () => {
    const { address, objectName, prefix } = planRun(load());
    expect(objectName).toBe(`counting-${address.slice(0, 12)}`);
    expect(prefix).toBe(`/eos/results/counting/${address}/`);
  });
});

function lockFiles(digit: string) {
  return { ...CODE, "r.lock": `numpy==2.2.6 --hash=sha256:${digit.repeat(64)}\n` };
}
