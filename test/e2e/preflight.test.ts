import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Preflight } from "../../tools/preflight/report";
import { extra, type Listing, listCloud } from "../../tools/sandbox/listing";
import { removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { clientOf, userCloud } from "../support/sandbox/cloud";
import { createApplicationCredential } from "./support/applicationCredential";
import { CLUSTERS, makeStack, MESSAGING, NETWORK, up } from "./support/stack";
import { runTool } from "./support/tool";

const PLENTY = 10_000;
const template = { ...CLUSTERS.templates.small, floatingIps: true };
const sections = {
  cloud: { release: "2026.1" },
  network: NETWORK,
  messaging: MESSAGING,
  clusters: { templates: { small: template }, clusters: { trial: { template: "small", nodes: 2 } } },
};

/** Sets one of the project's quotas as the administrator. */
async function setQuota(name: "floatingip", limit: number): Promise<void> {
  const project = (await clientOf()).projectId;
  const admin = await clientOf("sandbox-admin");
  await admin.send("PUT", "network", `/quotas/${project}`, { quota: { [name]: limit } });
}

describe("the preflight on a real OpenStack", () => {
  let stack: Workspace;
  let before: Listing;

  beforeAll(async () => {
    stack = await makeStack("fore", sections, await userCloud());
    before = await listCloud(stack);
  });
  afterAll(() => removeWorkspace(stack));

  async function preflight(workspace = stack): Promise<{ exitCode: number; found: Preflight }> {
    const { exitCode, output } = await runTool(workspace, "preflight", "--json");
    expect(output).toContain("{");
    return { exitCode, found: JSON.parse(output.slice(output.indexOf("{"))) as Preflight };
  }

  it("fits a project that has enough, and counts the whole plan", async () => {
    const { exitCode, found } = await preflight();
    expect(found.findings).toEqual([]);
    expect(exitCode).toBe(0);
    const need = Object.fromEntries(found.quotas.map((row) => [row.what, row.need]));
    // 1 broker and 2 routers, 1 master and 2 workers.
    expect(need).toMatchObject({ instances: 6, "floating IPs": 3, volumes: 1, "server groups": 4, clusters: 1 });
    expect(found.quotas.filter(({ limit }) => limit === undefined)).toEqual([]);
  });

  it("says what a project has, what is needed and what is short when one floating IP is missing, and creates nothing", async () => {
    await setQuota("floatingip", 2);
    try {
      const { exitCode, found } = await preflight();
      expect(exitCode).toBe(1);
      expect(found.quotas.filter(({ shortBy }) => shortBy > 0)).toEqual([
        { what: "floating IPs", limit: 2, used: 0, have: 2, need: 3, shortBy: 1 },
      ]);
      const table = await runTool(stack, "preflight");
      expect(table.exitCode).toBe(1);
      expect(table.output).toMatch(/floating IPs\s+│\s+2 │\s+0 │\s+2 │\s+3 │\s+1 │/);
      const update = await up(stack);
      expect(update.exitCode).not.toBe(0);
      expect(update.output).toMatch(/Quota of floating IPs: 3 more needed, 2 left \(limit 2, used 0\), short by 1/);
      expect(extra(await listCloud(stack), before)).toEqual([]);
    } finally {
      await setQuota("floatingip", PLENTY);
    }
  });

  it("refuses clusters under application credentials, which this Keystone lets create no trusts", async () => {
    const cloud = await userCloud();
    const outcomes = [false, true].map(async (unrestricted) => {
      const credential = await createApplicationCredential(cloud, unrestricted);
      const kept = Object.entries(stack.env).filter(([key]) => !key.startsWith("OS_"));
      return preflight({ ...stack, env: { ...Object.fromEntries(kept), ...credential } });
    });
    for (const { exitCode, found } of await Promise.all(outcomes)) {
      expect(exitCode).toBe(1);
      expect(found.findings).toEqual([
        expect.stringMatching(/no application credential manage trusts.*Failed to create trustee.*by a password/),
      ]);
    }
  });

  it("ends with another code when there is nothing to compare", async () => {
    const { exitCode, output } = await runTool({ ...stack, stack: "absent" }, "preflight");
    expect(output).toMatch(/error: There is no stacks\/Pulumi.absent.yaml/);
    expect(exitCode).toBe(2);
  });
});
