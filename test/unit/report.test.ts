import { describe, expect, it } from "vitest";

import { renderHtml } from "../../tools/report/html/page";
import { renderMarkdown } from "../../tools/report/markdown";
import { isDestructive, type Report } from "../../tools/report/model";
import { type Preview, readPreview } from "../../tools/report/preview";
import { reportOf } from "../../tools/report/report";
import { recorded, recordedText, recordings } from "../support/previews/recordings";
import { SCENARIOS, SEEDED_SECRET } from "../support/previews/scenarios";

/** By these the engine marks a secret in a state. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

const today = "2026-06-01";
const of = (...names: string[]): Report => reportOf(names.map(recorded), { today });
const markdown = (report: Report, limit = 65_536) => renderMarkdown(report, { limit, details: "`report.html`" });
const firstLines = (name: string, count = 2) => markdown(of(name)).split("\n").slice(0, count).join("\n");

describe("reports of previews that the real engine made", () => {
  it("has a recording of every scenario, and no other", () => {
    expect(recordings()).toEqual(SCENARIOS.map(({ name }) => name).sort());
    expect(recordings().length).toBeGreaterThanOrEqual(20);
  });

  it.each(recordings())("%s reads as it did", async (name) => {
    await expect(markdown(of(name))).toMatchFileSnapshot(`../fixtures/previews/golden/${name}.md`);
  });

  it("begins with a broker that is replaced, and says that it is a member of a quorum", () => {
    expect(firstLines("broker-replaced")).toMatch(
      /^- 🛑 \*\*REPLACE\*\* Instance `messaging-broker-02` .*a member of the quorum: 1 of 3 brokers goes, and 2 must stay.*\n {2}- because no input changes/,
    );
  });

  it("begins with a cluster that a label replaces, and names the label", () => {
    expect(firstLines("cluster-label")).toMatch(
      /^- 🛑 \*\*REPLACE\*\* Cluster `cluster-lab` .*control plane.*\n {2}- because `labels` changes: nothing → `\{"max_node_count":"4"\}`/,
    );
  });

  it("says that the quorum is lost where all brokers go, and with what they left the program", () => {
    expect(firstLines("messaging-dropped")).toMatch(
      /DELETE\*\* Instance `messaging-broker-01` .*3 of 3 brokers go, and 2 must stay.*\n.*no longer has MessagingBackend `messaging`, which it is part of/,
    );
  });

  it("follows a replacement to where it begins", () => {
    const cluster = of("network-range").changes.find(({ name }) => name === "cluster-lab");
    expect(cluster?.causes.at(-1)).toMatch(/^all of it begins with Subnet `network-subnet-az-1`: `cidr` changes/);
  });

  it("says that the whole stack is destroyed, once for each that is deleted", () => {
    const { changes } = of("destroyed");
    expect(new Set(changes.flatMap(({ causes }) => causes))).toEqual(new Set(["the whole stack is destroyed"]));
    expect(changes.every(isDestructive)).toBe(true);
  });

  it("says of a server that was deleted behind the engine's back that the cloud no longer has it", () => {
    const { changes } = of("server-gone");
    expect(changes.map(({ operation, name, causes }) => [operation, name, ...causes])).toEqual([
      ["create", "messaging-broker-01", "the cloud no longer has it"],
    ]);
  });

  it("shows nothing where nothing changes", () => {
    expect(of("no-change").changes).toEqual([]);
    expect(markdown(of("no-change"))).toMatch(/^\*\*Nothing changes\*\* in `rec`\./);
  });

  it("says the same of the engine's events as of its document", () => {
    expect(of("cluster-label-streamed").changes.map(({ urn, operation }) => [urn, operation])).toEqual(
      of("cluster-label").changes.map(({ urn, operation }) => [urn, operation]),
    );
  });

  it("finds the layer of everything but the provider", () => {
    const other = of("new-stack").changes.filter(({ layer }) => layer === "other");
    expect(other.map(({ name }) => name)).toEqual(["cloud"]);
  });

  it("puts several stacks into one report, and what is at stake in any of them first", () => {
    const report = of("new-stack", "cluster-label");
    expect(report.stacks.map(({ stack }) => stack)).toEqual(["rec", "recnew"]);
    expect(report.changes[0]).toMatchObject({ stack: "rec", name: "cluster-lab" });
  });

  it("gives the same bytes for the same change, previewed again", () => {
    expect(JSON.stringify(of("cluster-label-again"))).toBe(JSON.stringify(of("cluster-label")));
  });

  it("gives the same text whatever the order of the engine's steps", () => {
    const preview = recorded("network-range");
    const turned = { ...preview, steps: [...preview.steps].reverse() };
    const [a, b] = [preview, turned].map((one) => reportOf([one], { today }));
    expect(JSON.stringify(b)).toBe(JSON.stringify(a));
    expect(markdown(b!)).toBe(markdown(a!));
    expect(renderHtml(b!)).toBe(renderHtml(a!));
  });
});

describe("a secret that the stack's configuration holds", () => {
  const marked = JSON.stringify({ [SIGNATURE]: SECRET_SIGNATURE, plaintext: JSON.stringify(SEEDED_SECRET) });

  /** A recording whose masked values are what the engine masked, and whose texts hold the secret, too. */
  const seeded = (name: string, value: string): Preview => {
    const text = recordedText(name)
      .replaceAll('"[secret]"', value)
      .replaceAll('"fabric-stack=', `"x ${SEEDED_SECRET} y`)
      .replaceAll('"m1.small"', `"amqp://nova:${encodeURIComponent(SEEDED_SECRET)}@host"`);
    expect(text.split(SEEDED_SECRET).length).toBeGreaterThan(10);
    return { ...readPreview(recorded(name).stack, text, name), warnings: [`no ${SEEDED_SECRET}`] };
  };
  const outputs = (report: Report) => [JSON.stringify(report), markdown(report, 1_000_000), renderHtml(report)];

  it("is in no report of the recorded stack that was given it", () => {
    for (const name of ["own-authority", "secrets-shown", "external-brokers"]) {
      for (const text of outputs(of(name))) expect(text).not.toContain(SEEDED_SECRET);
    }
  });

  it.each([
    ["marks it", marked],
    ["shows it in the clear", JSON.stringify(SEEDED_SECRET)],
  ])("is in none of the three outputs where the engine %s, nor in other texts that hold it", (_, value) => {
    for (const name of ["own-authority", "new-stack", "service-added"]) {
      for (const text of outputs(reportOf([seeded(name, value)], { today }))) {
        expect(text).not.toContain(SEEDED_SECRET);
        expect(text).toContain("[secret]");
      }
    }
  });
});

describe("a preview that cannot be read", () => {
  it.each([
    [
      "no JSON",
      "rec",
      "error: no stack",
      /x\.json: neither JSON nor lines of JSON\. Make it by `pulumi preview --json`/,
    ],
    ["another stack's", "prod", recordedText("no-change"), /given as stack "prod", but it previews stack "rec"/],
    [
      "one that failed",
      "rec",
      JSON.stringify({ diagnostics: [{ severity: "error", message: "error: no flavor\n" }] }),
      /the preview failed: no flavor/,
    ],
    ["another shape", "rec", JSON.stringify({ steps: [{ op: 1 }] }), /`steps\.0\.op`/],
  ])("%s is refused with the reason", (_, stack, text, reason) => {
    expect(() => readPreview(stack, text, "x.json")).toThrow(reason);
  });
});
