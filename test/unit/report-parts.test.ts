import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { renderHtml } from "../../tools/report/html/page";
import { readPicture } from "../../tools/report/html/picture";
import { renderMarkdown } from "../../tools/report/markdown";
import { code, fenced } from "../../tools/report/markdownText";
import { type Flags, readOptions } from "../../tools/report/options";
import type { Preview, Step } from "../../tools/report/preview";
import { reportOf } from "../../tools/report/report";
import { stakeOf } from "../../tools/report/stakes";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const URN = "urn:pulumi:s::openstack-fabric::";
const today = "2026-06-01";

const previewOf = (...steps: Partial<Step>[]): Preview => ({
  ...{ stack: "s", config: {}, unchanged: 0, warnings: [] },
  steps: steps.map((step) => ({ op: "update", urn: `${URN}a:b:C::x`, ...step })),
});
const state = (inputs: Record<string, unknown>, more: object = {}) => ({
  custom: true,
  type: "a:b:C",
  inputs,
  ...more,
});
const outputsOf = (preview: Preview): string[] => {
  const report = reportOf([preview], { today });
  return [JSON.stringify(report), renderMarkdown(report, { limit: 65_536, details: "x" }), renderHtml(report)];
};

describe("secrets that a preview marks", () => {
  it("are hidden in every other text that holds them, in any form", () => {
    const plain = "hunter2-hunter2/ä";
    const marked = { ...SECRET, plaintext: JSON.stringify(plain) };
    const texts = {
      token: marked,
      address: `rabbit://nova:${encodeURIComponent(plain)}@host`,
      encoded: Buffer.from(plain).toString("base64"),
      nested: { list: [`set ${plain} here`] },
    };
    for (const text of outputsOf(previewOf({ oldState: state({}), newState: state(texts) }))) {
      for (const form of [plain, encodeURIComponent(plain), Buffer.from(plain).toString("base64")]) {
        expect(text).not.toContain(form);
      }
      expect(text).toContain("[secret]");
    }
  });

  it("are hidden where a property is secret by its name or by `additionalSecretOutputs`", () => {
    const made = state({ adminPassword: "plain-one", other: "plain-two" }, { additionalSecretOutputs: ["other"] });
    const preview = { ...previewOf({ op: "create", newState: made }), warnings: ["it is plain-two"] };
    for (const text of outputsOf(preview)) expect(text).not.toMatch(/plain-(one|two)/);
  });
});

describe("noise", () => {
  it("is left out: outputs, defaults, and what the SDK notes for itself", () => {
    const old = state({ __defaults: ["name"], name: "x-1a2b3c4", size: 1 }, { outputs: { status: "a" } });
    const made = state({ __defaults: ["name"], name: "x-9f8e7d6", size: 1 }, { outputs: { status: "b" } });
    expect(reportOf([previewOf({ oldState: old, newState: made })], { today }).changes).toEqual([]);
  });

  it("does not hide what the engine names and no input shows", () => {
    const same = state({ size: 1 });
    const step = { oldState: same, newState: same, detailedDiff: { "rules[0].port": { kind: "update" } } };
    const [change] = reportOf([previewOf(step)], { today }).changes;
    expect(change?.diff).toMatchObject([{ path: "rules[0].port", replaces: false }]);
  });

  it("does not hide a secret that changes, which looks the same before and after", () => {
    const same = state({ userData: "[secret]" });
    const [change] = reportOf([previewOf({ oldState: same, newState: same, diffReasons: ["userData"] })], {
      today,
    }).changes;
    expect(change?.diff).toEqual([{ path: "userData", old: '"[secret]"', new: '"[secret]"', replaces: false }]);
  });
});

describe("what is at stake", () => {
  const within = (component: string, type: string) => `${URN}openstack-fabric:index:${component}$${type}::n`;
  it.each([
    ["a broker's volume", within("BrokerCluster", "openstack:blockstorage/volume:Volume"), "data"],
    ["any volume", `${URN}openstack:blockstorage/volume:Volume::n`, "data"],
    ["a broker", within("BrokerCluster", "openstack:compute/instance:Instance"), "quorum"],
    ["a broker's container", within("LocalBrokers", "docker:index/container:Container"), "quorum"],
    ["a cluster", within("Cluster", "openstack:containerinfra/cluster:Cluster"), "cluster"],
    ["a node group", within("NodeGroup", "openstack:containerinfra/nodeGroup:NodeGroup"), "cluster"],
    ["a claim", within("Cvmfs", "kubernetes:core/v1:PersistentVolumeClaim"), "data"],
    ["a router", within("RouterMesh", "openstack:compute/instance:Instance"), undefined],
    ["a template", within("ClusterTemplate", "openstack:containerinfra/clusterTemplate:ClusterTemplate"), undefined],
  ])("with %s", (_, urn, kind) => {
    expect(stakeOf(urn, "n", "replace")?.kind).toBe(kind);
    expect(stakeOf(urn, "n", "delete")?.kind).toBe(kind);
    expect(stakeOf(urn, "n", "update")).toBeUndefined();
  });
});

describe("texts", () => {
  it("stay within their code, whatever backticks they have", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[`a-z\n<>]*$/), (text) => {
        const fence = /^`+/.exec(fenced("", [text]))?.[0] ?? "";
        expect(fence.length).toBeGreaterThan(Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length)));
        expect(code(text)).not.toContain("\n");
      }),
    );
  });

  it("are no markup in the page", () => {
    const evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>";
    const preview = previewOf({ urn: `${URN}a:b:C::${evil}`, op: "create", newState: state({ [evil]: evil }) });
    const html = renderHtml(reportOf([{ ...preview, warnings: [evil] }], { today }));
    expect(html).not.toContain("<img");
    expect(html.match(/<script/g)).toHaveLength(1);
  });
});

describe("pictures", () => {
  const svg = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg">${inner}</svg>`;

  it("are taken with their style and texts", () => {
    const text = svg('<style>.a { fill: url(#g) }</style><text class="a">a &lt; b</text>');
    expect(readPicture(text, "a.svg")).toBe(text);
  });

  it.each([
    ["scripts", svg("<script>1</script>"), /<script> is not allowed/],
    ["handlers", svg('<g onload="x()"/>'), /`onload` of <g> would run/],
    ["links", svg('<use href="https://example.org/#a"/>'), /`href` of <use> leads out of it/],
    ["what loads", svg("<style>@import 'x'</style>"), /its style loads something/],
    ["foreign markup", svg("<foreignObject/>"), /<foreignObject> is not allowed/],
    ["another root", "<html/>", /its root is <html>/],
    ["no XML", "svg", /a\.svg is no SVG/],
  ])("with %s are refused", (_, text, reason) => {
    expect(() => readPicture(text, "a.svg")).toThrow(reason);
  });
});

describe("options", () => {
  const read = (stacks: string[], flags: Partial<Flags>) => readOptions(stacks, { limit: "65536", ...flags }, today);

  it("say everything that is wrong at once", () => {
    const flags = {
      preview: ["dev", "a=1.json", "a=2.json"],
      failOn: ["replace,delte"],
      limit: "10",
      today: "soon",
      picture: ["b=b.svg"],
    };
    expect(() => read([], flags)).toThrow(
      /6 problems:[^]*takes STACK=FILE, got "dev"[^]*"a" is given twice[^]*of stack "b", which has no preview[^]*got "delte"[^]*from 1000, got "10"[^]*YYYY-MM-DD, got "soon"/,
    );
  });

  it("ask for a stack or a preview", () => {
    expect(() => read([], {})).toThrow(/give stacks to preview, or `--preview STACK=FILE`/);
  });

  it("take policies one by one and with commas", () => {
    expect(read(["s"], { failOn: ["delete,replace-stateful", "any"] }).policies).toEqual([
      "replace-stateful",
      "delete",
      "any",
    ]);
  });
});
