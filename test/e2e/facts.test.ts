import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";

import { extra, type Listing, listCloud } from "../../tools/sandbox/listing";
import { CHECKOUT, engineOptions, removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { clientOf, userCloud } from "../support/sandbox/cloud";
import {
  CLUSTERS,
  destroy,
  GROWN,
  makeStack,
  MESSAGING,
  NETWORK,
  plannedOperations,
  reconfigure,
  run,
  up,
} from "./support/stack";
import { runTool } from "./support/tool";

const sections = {
  cloud: { release: "2026.1" },
  network: NETWORK,
  messaging: MESSAGING,
  clusters: CLUSTERS,
};
const grown = { ...sections, ...GROWN };
const FACTS = join("stacks", "facts", "facts.json");

describe("previews by recorded facts", () => {
  let stack: Workspace;
  let before: Listing;

  beforeAll(async () => {
    stack = await makeStack("facts", sections, await userCloud());
    before = await listCloud(stack);
  });
  afterAll(() => removeWorkspace(stack));

  /** The same stack for somebody who has no credentials. */
  const offline = (): Workspace => ({
    ...stack,
    env: Object.fromEntries(Object.entries(stack.env).filter(([key]) => !key.startsWith("OS_"))),
  });
  /** With credentials that lead nowhere, by which the provider is configured as it was deployed. */
  const placeholder = (): Workspace => {
    const file = join(stack.dir, "clouds.yaml");
    const auth = { auth_url: "https://cloud.invalid/v3", username: "nobody", password: "none", project_name: "none" };
    writeFileSync(file, stringify({ clouds: { sandbox: { auth: { ...auth, default_domain: "Default" } } } }));
    return { ...stack, env: { ...offline().env, OS_CLIENT_CONFIG_FILE: file, OS_CLOUD: "sandbox" } };
  };
  const text = () => readFileSync(join(stack.dir, FACTS), "utf8");

  it("are recorded once, the same bytes every time, without anything private", async () => {
    const first = await runTool(stack, "record");
    expect(first.output).toMatch(/stacks\/facts\/facts\.json: \d+ flavors, \d+ images/);
    expect(first.exitCode).toBe(0);
    const recorded = text();
    const again = await runTool(stack, "record");
    expect(again.output).toMatch(/the cloud has not changed/);
    rmSync(join(stack.dir, FACTS));
    expect((await runTool(stack, "record", "--check")).exitCode).toBe(1);
    expect(existsSync(join(stack.dir, FACTS))).toBe(false);
    await runTool(stack, "record");
    expect(text()).toBe(recorded);
    const { projectId } = await clientOf();
    const { clouds } = parse(readFileSync(stack.env["OS_CLIENT_CONFIG_FILE"] ?? "", "utf8")) as {
      clouds: Record<string, { auth: Record<string, string> }>;
    };
    const { auth_url: url = "", password = "" } = clouds["sandbox"]?.auth ?? {};
    for (const value of [projectId, password, new URL(url).host]) {
      expect(value).not.toBe("");
      expect(recorded).not.toContain(value);
    }
  });

  it("plan a new stack as previews with the cloud do, and say what they go by", async () => {
    const { exitCode, output } = await run(offline(), "preview");
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/those of stacks\/facts\/facts\.json, recorded on \d{4}-\d\d-\d\d \(today\)/);
    expect(await plannedOperations(offline())).toEqual(await plannedOperations(stack));
  });

  it("are what the examples of CI run, and leave each stack's plan as JSON", async () => {
    const script = join(CHECKOUT, "examples", "ci", "preview.sh");
    const options = { ...engineOptions(offline()), input: "facts\n", all: true } as const;
    const previewed = await execa(script, ["previews"], options);
    expect(previewed.exitCode, String(previewed.all)).toBe(0);
    const plan = JSON.parse(readFileSync(join(stack.dir, "previews", "facts.json"), "utf8")) as {
      changeSummary: { create: number };
    };
    expect(plan.changeSummary.create).toBeGreaterThan(20);
  });

  it("refuse a flavor that is not among the facts, and name their file", async () => {
    const broker = { ...MESSAGING.broker, flavor: "m1.smal" };
    reconfigure(stack, { ...sections, messaging: { ...MESSAGING, broker } });
    try {
      const { exitCode, output } = await run(offline(), "preview");
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(
        /`messaging\.broker\.flavor`: the cloud has no flavor "m1\.smal"\. Did you mean "m1\.small"/,
      );
      expect(output).toMatch(/by the facts in stacks\/facts\/facts\.json, recorded on .*make record STACK=facts/);
    } finally {
      reconfigure(stack, sections);
    }
  });

  it("go on where the configuration names a cloud and the machine has no clouds.yaml, once recorded so", async () => {
    const named = { ...sections, cloud: { ...sections.cloud, name: "sandbox" } };
    reconfigure(stack, named);
    try {
      const stale = await run(offline(), "preview");
      expect(stale.output).toMatch(/`cloud\.name` is sandbox, and stacks\/facts\/facts\.json was recorded with none/);
      expect((await runTool(stack, "record")).exitCode).toBe(0);
      const { exitCode, output } = await run(offline(), "preview");
      expect(exitCode, output).toBe(0);
    } finally {
      reconfigure(stack, sections);
      await runTool(stack, "record");
    }
  });

  it("do not let an update begin, by placeholders neither", async () => {
    for (const workspace of [offline(), placeholder()]) {
      const { exitCode, output } = await up(workspace);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/No cloud is configured\. Set OS_CLOUD/);
    }
    expect(extra(await listCloud(stack), before)).toEqual([]);
  });

  it("of a deployed stack find nothing to change, and see the same change as with the cloud", async () => {
    const deployed = await up(stack);
    expect(deployed.exitCode, deployed.output).toBe(0);
    try {
      expect((await runTool(stack, "record")).exitCode).toBe(0);
      expect(await plannedOperations(stack)).toEqual({});
      expect(await plannedOperations(placeholder())).toEqual({});
      // Only the provider itself is told of another cloud.
      expect(await plannedOperations(offline())).toEqual({ "pulumi:providers:openstack cloud": "update" });
      reconfigure(stack, grown);
      const planned = await plannedOperations(placeholder());
      expect(planned).toEqual(await plannedOperations(stack));
      expect(Object.values(planned).filter((step) => step === "create").length).toBeGreaterThan(0);
      const cluster = Object.entries(planned).find(([name]) => name.includes("containerinfra/cluster:Cluster "));
      expect(cluster?.[1]).toBe("update");
      expect(Object.values(planned).filter((step) => step === "replace")).toEqual([]);
    } finally {
      reconfigure(stack, sections);
      const gone = await destroy(stack);
      expect(gone.exitCode, gone.output).toBe(0);
    }
  });
});
