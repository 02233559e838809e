import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { CHECKOUT } from "../../tools/workspace/workspace";
import { workflowFindings } from "../support/forge/workflow";

const CI = join(CHECKOUT, "examples", "ci");
const read = (...path: string[]) => readFileSync(join(CI, ...path), "utf8");
const GITHUB = read("github", "preview.yml");
const GITLAB = read("gitlab", "preview.gitlab-ci.yml");
const SCRIPTS = ["preview.sh", "report.sh"] as const;

interface Step {
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}
interface Job {
  permissions?: Record<string, string>;
  steps: Step[];
  "timeout-minutes"?: number;
}
const workflow = parse(GITHUB) as { permissions: Record<string, string>; jobs: Record<string, Job> };
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

/** Every command of ours that a text runs, with its options. */
function commandsIn(text: string): { tool: string; options: string[] }[] {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  return lines.flatMap((line) => {
    const found = /node dist\/tools\/([\w-]+)\/main\.js(.*)/.exec(line);
    if (found?.[1] === undefined) return [];
    return [{ tool: found[1], options: [...(found[2] ?? "").matchAll(/(?<=\s)--[\w-]+/g)].map(([option]) => option) }];
  });
}

describe("the workflow for GitHub", () => {
  it("is one that GitHub's own parser takes, and which it would not take with a mistake", async () => {
    expect(await workflowFindings(GITHUB)).toEqual([]);
    for (const [right, wrong] of [
      ["runs-on:", "run-on:"],
      ["pull-requests: write", "pull-requests: everything"],
      ["github.run_id }}", "github.run_id"],
    ] as const) {
      expect(GITHUB).toContain(right);
      expect(await workflowFindings(GITHUB.replace(right, wrong)), wrong).not.toEqual([]);
    }
  });

  it("may read, and only the job that comments may write to pull requests", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    expect(workflow.jobs["preview"]?.permissions).toBeUndefined();
    expect(workflow.jobs["comment"]?.permissions).toEqual({ contents: "read", "pull-requests": "write" });
  });

  it("pins every action by its full version, and gives no checkout credentials", () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(5);
    for (const one of used) expect(one).toMatch(/^[\w-]+\/[\w-]+@v\d+\.\d+\.\d+$/);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout"));
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ "persist-credentials": false });
  });

  it("puts no value of the pull request into a script, but into its environment", () => {
    const scripts = steps.flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(5);
    for (const script of scripts) expect(script).not.toContain("${{");
    expect(GITHUB).not.toMatch(/pull_request_target|github\.(head_ref|event\.pull_request\.(title|body|head\.ref))/);
  });

  it("runs the code of the base where it may write, and knows no cloud", () => {
    const { steps: commenting = [] } = workflow.jobs["comment"] ?? {};
    expect(commenting[0]?.with).toMatchObject({ ref: "${{ github.event.pull_request.base.sha }}" });
    expect(JSON.stringify(workflow.jobs["preview"])).not.toMatch(/\bOS_|GITHUB_TOKEN/);
    for (const job of Object.values(workflow.jobs)) expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
  });
});

describe("the jobs for GitLab", () => {
  const jobs = parse(GITLAB) as Record<string, { extends?: string; script?: string[]; [key: string]: unknown }>;
  /** Source: GitLab, "CI/CD YAML syntax reference". */
  const KEYWORDS =
    "stage image rules variables cache extends timeout interruptible resource_group script artifacts needs".split(" ");

  it("have only what GitLab knows, and extend what is there", () => {
    expect(Object.keys(jobs)).toEqual([".preview", "preview", "comment"]);
    for (const job of Object.values(jobs)) {
      for (const key of Object.keys(job)) expect(KEYWORDS).toContain(key);
      if (job.extends !== undefined) expect(jobs[job.extends]).toBeDefined();
    }
  });

  it("quote the variables in their scripts, of which none is written by whoever makes the request", () => {
    const scripts = Object.values(jobs).flatMap(({ script }) => script ?? []);
    const variables = scripts.flatMap((line) =>
      [...line.matchAll(/(.)\$(\w+)/g)].map(([, before, name]) => [before, name]),
    );
    expect(variables.length).toBeGreaterThan(2);
    for (const [before, name] of variables) {
      expect([before, name]).toEqual(['"', expect.stringMatching(/^(CI_MERGE_REQUEST_DIFF_BASE_SHA|previewed)$/)]);
    }
  });
});

describe("what the examples run", () => {
  const everything = [GITHUB, GITLAB, ...SCRIPTS.map((script) => read(script))].join("\n");

  it("is there, with the options that are given to it", async () => {
    const commands = commandsIn(everything);
    expect(new Set(commands.map(({ tool }) => tool))).toEqual(new Set(["changed", "comment", "report", "topology"]));
    for (const { tool, options } of commands) {
      const { stdout } = await execa("node", [join(CHECKOUT, "dist", "tools", tool, "main.js"), "--help"]);
      expect(options.length).toBeGreaterThan(0);
      for (const option of options) expect(stdout, `${tool} ${option}`).toMatch(new RegExp(`${option}\\b`));
    }
  });

  it("is of the engine's version that programs are made for", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const engine = devDependencies["@pulumi/pulumi"] ?? "";
    expect(GITHUB).toContain(`pulumi-version: ${engine}\n`);
    expect(GITLAB).toContain(`pulumi/pulumi-nodejs-22:${engine}\n`);
  });
});

describe("the scripts", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "ci-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** Puts a command onto PATH that says its arguments, and runs a script with names on its standard input. */
  async function run(script: (typeof SCRIPTS)[number], names: string, command: string, body: string) {
    const bin = join(dir, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, command), `#!/usr/bin/env bash\n${body}\n`);
    chmodSync(join(bin, command), 0o755);
    const env = { PATH: `${bin}:${process.env["PATH"] ?? ""}`, LIMIT: "100", DETAILS_URL: "https://ci.example/1" };
    return execa(join(CI, script), ["out"], { cwd: dir, input: names, env, reject: false });
  }

  it("preview every stack, also after one that failed, and end as that did", async () => {
    // An engine that reads the names itself would leave none to preview.
    const engine = `cat; [ "$3" = bad ] && { echo broken >&2; exit 255; }; echo "{\\"args\\":\\"$*\\"}"`;
    const { exitCode, stderr } = await run("preview.sh", "bad\ndev\n\nstaging", "pulumi", engine);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/the preview of bad failed:\nbroken/);
    const args = (stack: string) => JSON.parse(readFileSync(join(dir, "out", `${stack}.json`), "utf8")) as object;
    expect(args("dev")).toEqual({ args: "preview --stack dev --json --non-interactive" });
    // The last name has no end of line after it.
    expect(stderr).not.toContain("staging");
  });

  it("report those that left something, and say that there is nothing where none did", async () => {
    const tool = `printf '%s\\n' "$@"`;
    mkdirSync(join(dir, "out"));
    const none = await run("report.sh", "dev\n", "node", tool);
    expect([none.exitCode, none.stdout]).toEqual([0, ""]);
    expect(readFileSync(join(dir, "out", "comment.md"), "utf8")).toMatch(/^No stack is previewed/);
    writeFileSync(join(dir, "out", "dev.json"), "{}");
    const { stdout, stderr } = await run("report.sh", "dev\ngone\n", "node", tool);
    const args = stdout.split("\n");
    expect(args.slice(0, 5)).toEqual([
      "dist/tools/report/main.js",
      "--preview",
      "dev=out/dev.json",
      "--picture",
      "dev=out/dev.svg",
    ]);
    expect(stderr).toBe("dist/tools/topology/main.js\ndev\n--preview\nout/dev.json\n-o\nout/dev.svg");
    expect(args).not.toContain("--approvals");
    mkdirSync(join(dir, "stacks"));
    writeFileSync(join(dir, "stacks", "approvals.yaml"), "[]\n");
    expect((await run("report.sh", "dev\n", "node", tool)).stdout).toContain("--approvals\nstacks/approvals.yaml\n");
    expect((await run("report.sh", "dev\n", "node", "exit 1")).exitCode).toBe(1);
  });
});
