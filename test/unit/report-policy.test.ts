import { describe, expect, it } from "vitest";

import { readApprovals } from "../../tools/report/approvals";
import { renderMarkdown } from "../../tools/report/markdown";
import type { Policy } from "../../tools/report/policy";
import { reportOf } from "../../tools/report/report";
import { recorded } from "../support/previews/recordings";

const today = "2026-06-01";
const approvals = (...lines: string[]) =>
  readApprovals(`approvals:\n${lines.map((line) => `  - ${line}\n`).join("")}`, "a.yaml");
const verdict = (name: string, policies: Policy[], list: string[] = []) =>
  reportOf([recorded(name)], { today, policies, approvals: list.length === 0 ? [] : approvals(...list) }).verdict;
const names = (changes: { name: string }[]) => changes.map(({ name }) => name);

const WHY = "why: agreed with the owners";

describe("a policy", () => {
  it("refuses replaced clusters, and not the certificate that follows", () => {
    expect(names(verdict("cluster-label", ["replace-stateful"]).refused)).toEqual(["cluster-lab", "cluster-lab-big"]);
    expect(names(verdict("cluster-label", ["replace"]).refused)).toHaveLength(3);
  });

  it("refuses deletions only where it is told to", () => {
    expect(verdict("fewer-routers", ["replace-stateful", "replace", "delete-stateful"]).refused).toEqual([]);
    expect(verdict("fewer-routers", ["delete"]).refused).not.toEqual([]);
    expect(verdict("messaging-dropped", ["delete-stateful"]).refused).not.toEqual([]);
  });

  it("refuses even an update in place where nothing may change", () => {
    expect(names(verdict("cluster-resized", ["any"]).refused)).toEqual(["cluster-lab"]);
    expect(verdict("no-change", ["any"]).refused).toEqual([]);
  });
});

describe("approvals", () => {
  it("let pass what they name, and only that", () => {
    const found = verdict(
      "cluster-label",
      ["replace-stateful"],
      [`{ resource: cluster-lab, operation: replace, ${WHY} }`],
    );
    expect(names(found.refused)).toEqual(["cluster-lab-big"]);
    expect(found.approved).toMatchObject([{ change: { name: "cluster-lab" }, why: "agreed with the owners" }]);
  });

  it("take patterns of names and of URNs", () => {
    for (const resource of ["cluster-lab*", '"*::openstack-fabric::*:containerinfra/*"', '"*containerinfra*"']) {
      const list = [`{ resource: ${resource}, operation: any, stack: rec, until: 2026-06-01, ${WHY} }`];
      expect(verdict("cluster-label", ["replace-stateful"], list).refused).toEqual([]);
    }
  });

  it("are of one operation and one stack", () => {
    const list = [
      `{ resource: "*", operation: delete, ${WHY} }`,
      `{ resource: "*", operation: replace, stack: production, ${WHY} }`,
    ];
    expect(verdict("cluster-label", ["replace-stateful"], list).refused).toHaveLength(2);
  });

  it("hold until their last day, and are reported afterwards", () => {
    const found = verdict(
      "cluster-label",
      ["replace-stateful"],
      [`{ resource: "cluster-*", operation: replace, until: 2026-05-31, ${WHY} }`],
    );
    expect(found.refused).toHaveLength(2);
    expect(found.idle).toEqual([{ resource: "cluster-*", reason: "expired", until: "2026-05-31" }]);
  });

  it("are reported where nothing needs them, but not those of stacks that were not previewed", () => {
    const found = verdict(
      "no-change",
      ["any"],
      [
        `{ resource: old, operation: delete, ${WHY} }`,
        `{ resource: other, operation: delete, stack: production, ${WHY} }`,
      ],
    );
    expect(found.idle).toEqual([{ resource: "old", reason: "unused" }]);
  });

  it("are shown with their reason", () => {
    const report = reportOf([recorded("cluster-label")], {
      today,
      policies: ["replace-stateful"],
      approvals: approvals(`{ resource: cluster-lab, operation: replace, ${WHY} }`),
    });
    const text = renderMarkdown(report, { limit: 65_536, details: "x" });
    expect(text).toMatch(/❌ refused: replace of NodeGroup `cluster-lab-big` in `rec`/);
    expect(text).toMatch(/✅ approved: replace of Cluster `cluster-lab` in `rec`: agreed with the owners/);
  });

  it("say everything that is wrong with their file at once", () => {
    expect(() =>
      approvals("{ resource: a, operation: change, why: x }", "{ operation: delete, why: x, until: tomorrow }"),
    ).toThrow(/3 problems:[^]*approvals\.0\.operation[^]*approvals\.1\.resource[^]*approvals\.1\.until/);
  });
});
