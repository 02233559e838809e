import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Approval } from "../../tools/report/approvals";
import { judge } from "../../tools/report/approvals";
import type { Change } from "../../tools/report/change";
import { changesOf } from "../../tools/report/changes";
import { htmlOf } from "../../tools/report/html";
import { markdownOf } from "../../tools/report/markdown";
import { readPreview } from "../../tools/report/preview";
import { reportOf } from "../../tools/report/report";

const FOLDER = join(__dirname, "../fixtures/previews");
const RECORDED = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => basename(file, ".json"));
const LIMIT = 65_536;
const NOBODY = { used: [], unused: [], expired: [] };

function changesIn(name: string): Change[] {
  const file = join(FOLDER, `${name}.json`);
  return changesOf("production", readPreview("production", readFileSync(file, "utf8"), file));
}

const reportIn = (name: string, policies: string[] = [], approvals: Approval[] = []) => {
  const changes = changesIn(name);
  return reportOf(["production"], changes, policies, judge(approvals, changes, "2026-11-29"));
};

/** The first row below a table's head. */
const firstRow = (markdown: string) => markdown.split("\n").find((line) => /^\| (⛔ )?\*\*/.test(line));

describe("the report of a preview that the engine made", () => {
  it("has twenty recordings to show it by", () => {
    expect(RECORDED.length).toBeGreaterThanOrEqual(20);
  });

  it.each(RECORDED)("%s reads as it always did", async (name) => {
    const text = markdownOf(reportIn(name), { limit: LIMIT });
    await expect(text).toMatchFileSnapshot(join(FOLDER, `${name}.md`));
  });

  it("begins with a replaced broker, its cause, and the quorum that is at stake", () => {
    const text = firstRow(markdownOf(reportIn("broker-image"), { limit: LIMIT }));
    expect(text).toMatch(/\*\*replace\*\* \| `messaging-broker-01` \(Instance\).*`blockDevices\[0\]\.uuid` `.*` → `/);
    expect(text).toMatch(
      /quorum: one of 3 members of the brokers' cluster; the next one goes only when it has rejoined/,
    );
  });

  it("begins with a cluster that a label replaces, and names the label", () => {
    const text = firstRow(markdownOf(reportIn("cluster-label"), { limit: LIMIT }));
    expect(text).toMatch(/\*\*replace\*\* \| `cluster-trial` \(Cluster\).*`labels\.max_node_count` \(none\) → `4`/);
    expect(text).toMatch(/cluster: the cluster, everything that runs in it/);
  });

  it("says of a resource that is replaced with another which one that is", () => {
    const [certificate] = changesIn("subnets-cut-anew").filter(({ name }) => name === "network-interface-az-1");
    expect(certificate?.causes).toEqual(["it depends on `network-subnet-az-1`, replaced too"]);
  });

  it("says of a server that somebody deleted why it is created", () => {
    expect(changesIn("server-lost")).toMatchObject([
      { name: "messaging-broker-02", operation: "create", causes: ["gone from the cloud, so made again"] },
    ]);
  });

  it("says when brokers that stay are no quorum", () => {
    const [first] = changesIn("messaging-removed").filter(({ stake }) => stake?.kind === "quorum");
    expect(first?.stake?.text).toMatch(/one of 3 members of the brokers' cluster goes; none is left/);
  });

  it("leaves out what does not change", () => {
    expect(changesIn("nothing-changed")).toEqual([]);
    expect(markdownOf(reportIn("nothing-changed"), { limit: LIMIT })).toMatch(/\*\*nothing changes\*\*/);
  });

  it("is the same whatever the order of the engine's steps", () => {
    const file = join(FOLDER, "subnets-cut-anew.json");
    const steps = readPreview("s", readFileSync(file, "utf8"), file);
    const texts = [steps, [...steps].reverse()].map((given) => JSON.stringify(changesOf("s", given)));
    expect(texts[0]).toBe(texts[1]);
  });
});

describe("secrets", () => {
  const SEEDED = "seeded-password-of-the-broker";

  it("that the recording's operator gave are in no form of the report", () => {
    const report = reportIn("stack-new-external-broker");
    for (const text of [markdownOf(report, { limit: LIMIT }), htmlOf(report), JSON.stringify(report)])
      expect(text).not.toContain(SEEDED);
  });

  it("that a preview shows are masked, also within other values", () => {
    const marked = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: `"${SEEDED}"` };
    const state = (url: string) => ({
      type: "t:m:T",
      inputs: { password: marked, url: `amqps://nova:${SEEDED}@${url}` },
      outputs: {},
    });
    const step = { op: "update", urn: "urn:pulumi:s::p::t:m:T::t", oldState: state("old"), newState: state("new") };
    const steps = readPreview("s", JSON.stringify({ steps: [{ ...step, diffReasons: ["password", "url"] }] }), "f");
    const report = reportOf(["s"], changesOf("s", steps), [], NOBODY);
    expect(report.changes[0]?.diffs.map(({ path }) => path)).toEqual(["password", "url"]);
    for (const text of [markdownOf(report, { limit: LIMIT }), htmlOf(report), JSON.stringify(report)]) {
      expect(text).not.toContain(SEEDED);
      expect(text).toMatch(/\[secret\]|a secret, is another one/);
    }
  });
});

describe("a report that is too long for a comment", () => {
  const many = (count: number): Change[] =>
    Array.from({ length: count }, (_, at) => ({
      ...{ stack: "scale", urn: `urn:${at}`, layer: "messaging" as const, type: "a:b:Server", name: `server-${at}` },
      ...(at % 3 === 0
        ? { operation: "replace" as const, causes: [`\`image\` \`a${at}\` → \`b${at}\``] }
        : { operation: "update" as const, causes: [] }),
      diffs: [{ path: "text", lines: ["@@ -1 +1 @@", "-```", `+<b>${"x".repeat(at % 50)}`], replaces: false }],
    }));

  it.each([2_000, 10_000, LIMIT])("keeps to %d characters, and closes what it opens", (limit) => {
    const report = reportOf(["scale"], many(5_000), [], NOBODY);
    const text = markdownOf(report, { limit, detailsUrl: "https://ci.example.org/1" });
    expect(text.length).toBeLessThanOrEqual(limit);
    expect(text).toMatch(
      /_\d+ more rows do not fit here; \[the whole report\]\(https:\/\/ci\.example\.org\/1\) has it\._/,
    );
    expect(text.split("<details>").length).toBe(text.split("</details>").length);
    expect((text.match(/^ {4}`{3,}/gm) ?? []).length % 2).toBe(0);
  });

  it("keeps first what is replaced", () => {
    const text = markdownOf(reportOf(["scale"], many(5_000), [], NOBODY), { limit: 10_000 });
    expect(text).toContain("Replaced and deleted");
    expect(firstRow(text)).toContain("`server-0`");
  });
});

describe("policies", () => {
  it("refuse what replaces something with state, and let other changes pass", () => {
    expect(reportIn("broker-image", ["replace-stateful"]).refusals).toHaveLength(3);
    expect(reportIn("cluster-label", ["replace-stateful"]).refusals).toMatchObject([{ policy: "replace-stateful" }]);
    expect(reportIn("router-added", ["replace-stateful", "delete-stateful"]).refusals).toEqual([]);
    expect(reportIn("stack-destroyed", ["delete-stateful"]).refusals.length).toBeGreaterThan(5);
  });

  const approval = (over: Partial<Approval>): Approval => ({
    ...{ stack: "prod*", resource: "messaging-broker-*", operation: "replace", why: "a newer Debian" },
    ...over,
  });

  it("let pass what the list approves, and nothing else", () => {
    expect(reportIn("broker-image", ["replace-stateful"], [approval({})]).refusals).toEqual([]);
    const others = [
      { stack: "staging" },
      { operation: "delete" as const },
      { resource: "*-01" },
      { type: "docker:**" },
    ];
    const left = others.map((over) => reportIn("broker-image", ["replace-stateful"], [approval(over)]).refusals.length);
    expect(left).toEqual([3, 3, 2, 3]);
  });

  it("do not count approvals whose last day is over, and say so", () => {
    const report = reportIn("broker-image", ["replace-stateful"], [approval({ until: "2026-11-28" })]);
    expect(report.refusals).toHaveLength(3);
    expect(markdownOf(report, { limit: LIMIT })).toMatch(/expired on 2026-11-28: replace of `messaging-broker-\*`/);
    expect(reportIn("broker-image", ["replace-stateful"], [approval({ until: "2026-11-29" })]).refusals).toEqual([]);
  });

  it("name approvals that nothing needs", () => {
    const report = reportIn("router-added", [], [approval({ why: "an <img> @all" })]);
    expect(markdownOf(report, { limit: LIMIT })).toMatch(/not needed: replace of `messaging-broker-\*`/);
  });
});
