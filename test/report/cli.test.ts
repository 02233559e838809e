import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CHECKOUT } from "../../tools/workspace/workspace";

const MAIN = join(CHECKOUT, "dist/tools/report/main.js");
const recording = (name: string) => join(CHECKOUT, "test/fixtures/previews", `${name}.json`);

describe("the command", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fabric-report-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const report = (...args: string[]) => execa("node", [MAIN, ...args], { reject: false, cwd: folder });
  const at = (name: string) => join(folder, name);
  const cluster = ["--preview", `rec=${recording("cluster-label")}`];
  const created = ["--preview", `recnew=${recording("new-stack")}`];

  it("writes all that it is asked for, and the same bytes again", async () => {
    const files = ["comment.md", "report.html", "report.json"] as const;
    const flags = [
      "--markdown",
      files[0],
      "--html",
      files[1],
      "--json-file",
      files[2],
      "--details-url",
      "https://x.test/1",
    ];
    const read = () => files.map((file) => readFileSync(at(file), "utf8"));
    const first = await report(...cluster, ...created, ...flags);
    expect(first).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
    const texts = read();
    expect(texts[0]).toContain("The whole report: https://x.test/1");
    await report(...created, ...cluster, ...flags);
    expect(read()).toEqual(texts);
  });

  it("prints Markdown, or JSON, where it writes no file", async () => {
    expect((await report(...cluster)).stdout).toMatch(/^- 🛑 \*\*REPLACE\*\* Cluster/);
    expect(JSON.parse((await report(...cluster, "--json")).stdout)).toMatchObject({ stacks: [{ stack: "rec" }] });
  });

  it("ends with 1 where the policy refuses, and with 0 where an approval lets it pass", async () => {
    const refused = await report(...cluster, "--fail-on", "replace-stateful", "--out", "out");
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/^refused: replace of Cluster cluster-lab in rec$/m);
    expect(existsSync(at("out/report.html"))).toBe(true);
    const approval = '{ resource: "cluster-lab*", operation: replace, why: agreed, until: 2026-06-30 }';
    writeFileSync(at("approvals.yaml"), `approvals:\n  - ${approval}\n`);
    const flags = ["--fail-on", "replace-stateful", "--approvals", "approvals.yaml", "--out", "out", "--today"];
    expect((await report(...cluster, ...flags, "2026-06-30")).exitCode).toBe(0);
    expect((await report(...cluster, ...flags, "2026-07-01")).exitCode).toBe(1);
    expect(readFileSync(at("out/report.md"), "utf8")).toMatch(
      /approval of `cluster-lab\*` expired: it was until 2026-06-30/,
    );
  });

  it("ends with 2 and says everything that is wrong", async () => {
    const { exitCode, stderr } = await report("--preview", "a=none.json", "--preview", `b=${recording("no-change")}`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^error: 2 problems:[^]*none\.json cannot be read[^]*given as stack "b", but it previews stack "rec"/,
    );
    expect((await report("--nonsense")).exitCode).toBe(2);
    expect((await report("--help")).stdout).toMatch(/--fail-on <policy>[^]*Exit code: 0 nothing is refused/);
  });
});
