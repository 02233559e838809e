import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CHECKOUT } from "../../tools/workspace/workspace";

const previewed = (stack: string, name: string) => `${stack}=${join(CHECKOUT, `test/fixtures/previews/${name}.json`)}`;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "fabric-report-"))));
afterAll(() => rmSync(folder, { recursive: true }));

async function report(...args: string[]) {
  const tool = join(CHECKOUT, "dist/tools/report/main.js");
  const { exitCode, stdout, stderr } = await execa("node", [tool, ...args], { reject: false, cwd: folder });
  return { exitCode, stdout, stderr };
}

describe("the command", () => {
  it("writes all forms of a report on several stacks, and ends with 1 where a policy refuses", async () => {
    const previews = ["--preview", previewed("dev", "router-added"), "--preview", previewed("prod", "cluster-label")];
    const { exitCode } = await report(...previews, "--fail-on", "replace-stateful", "--out", "all");
    expect(exitCode).toBe(1);
    expect(readFileSync(join(folder, "all/report.md"), "utf8")).toMatch(
      /Preview of `dev`, `prod`[^]*⛔ \*\*replace\*\*/,
    );
    expect(readFileSync(join(folder, "all/report.html"), "utf8")).toMatch(/^<!doctype html>/);
    expect(JSON.parse(readFileSync(join(folder, "all/report.json"), "utf8"))).toMatchObject({
      stacks: ["dev", "prod"],
    });
  });

  it("ends with 0 where the list approves", async () => {
    const list = "approvals:\n  - { stack: prod, resource: cluster-trial, operation: replace, why: agreed }\n";
    writeFileSync(join(folder, "approvals.yaml"), list);
    const args = ["--preview", previewed("prod", "cluster-label"), "--fail-on", "replace-stateful"];
    expect((await report(...args, "--approvals", "approvals.yaml")).exitCode).toBe(0);
  });

  it("says everything that is wrong with what it was given, and ends with 2", async () => {
    writeFileSync(join(folder, "half.json"), '{ "steps": [');
    writeFileSync(join(folder, "list.yaml"), "approvals:\n  - { stack: a, resource: b, operation: move, why: c }\n");
    writeFileSync(join(folder, "bad.svg"), '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
    const { exitCode, stderr } = await report(
      ...["--preview", "dev=half.json", "--preview", "qa=absent.json", "--approvals", "list.yaml"],
      ...["--picture", "dev=bad.svg", "--fail-on", "replaced"],
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/dev=half\.json: its JSON is not complete\. Write it by `pulumi preview --json -s dev/);
    expect(stderr).toMatch(/qa=absent\.json: ENOENT/);
    expect(stderr).toMatch(/approvals\.0\.operation.*replace.*move/);
    expect(stderr).toMatch(/dev=bad\.svg: `<script` may not be in a page/);
    expect(stderr).toMatch(/--fail-on must be of replace-stateful, .*got replaced/);
  });

  it("ends with 2 where there is nothing to report, and knows its options", async () => {
    const [nothing, short] = [await report(), await report("--limit", "12")];
    expect([nothing.exitCode, short.exitCode]).toEqual([2, 2]);
    expect(nothing.stderr).toMatch(/nothing to report/);
    expect(short.stderr).toMatch(/from 2000 on/);
    expect((await report("--help")).stdout).toMatch(/Policies:\n\s+replace-stateful/);
  });
});
