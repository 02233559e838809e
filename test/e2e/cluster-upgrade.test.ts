import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import type { CloudClient } from "../../components/cloud/client";
import { type Listing, listCloud } from "../../tools/sandbox/listing";
import { removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { magnumOf } from "../clusters/support/magnum";
import { clientOf, userCloud } from "../support/sandbox/cloud";
import { ensureKubernetes, kubeconfigsOf, nodeVersions } from "./support/kubernetes";
import type { Sections } from "./support/sections";
import { destroy, makeStack, plannedOperations, reconfigure, run, up } from "./support/stack";

const clustersShape = z.object({
  clusters: z.array(z.object({ uuid: z.string(), name: z.string(), status: z.string() })),
});
const templatesShape = z.object({ clustertemplates: z.array(z.object({ uuid: z.string() })) });

interface Change {
  kubeTag?: string;
  generation?: number;
  lab?: object;
  green?: object;
}

/** A site whose driver upgrades in place; one cluster goes that way, the other blue/green. */
const sections = ({ kubeTag = "v1.31.1", generation = 1, lab = {}, green = {} }: Change = {}): Sections => ({
  cloud: { release: "2026.1" },
  network: { zones: ["az-1"], cidr: "10.40.0.0/16", external: "public" },
  clusters: {
    site: { drivers: ["magnum-cluster-api"] },
    templates: {
      small: {
        from: "kubernetes/small",
        ...{ image: "ubuntu-kubernetes", flavor: "m1.small" },
        // A label that is none of the version's changes with it, as a catalogue's do.
        labels: { kube_tag: kubeTag, audit_log_max_age: kubeTag === "v1.31.1" ? 30 : 60 },
      },
    },
    clusters: {
      lab: { template: "small", upgrade: "in-place", nodes: 2, labels: { audit_log_enabled: true }, ...lab },
      green: { template: "small", generation, labels: { audit_log_enabled: true }, dockerVolumeSize: 12, ...green },
    },
  },
});
const NEXT = { kubeTag: "v1.32.4", generation: 2 };

describe("a newer Kubernetes for clusters of a stack", () => {
  let stack: Workspace;
  let before: Listing;
  let client: CloudClient;
  let id: string;

  beforeAll(async () => {
    await ensureKubernetes();
    stack = await makeStack("newer", sections(), await userCloud());
    before = await listCloud(stack);
    client = await clientOf();
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    id = (await clusters()).find(({ name }) => name === "newer-lab")?.uuid ?? "";
  }, 1_800_000);
  afterAll(() => removeWorkspace(stack));

  const clusters = async () => (await client.get("containerInfra", "/clusters", clustersShape)).clusters;
  const versions = async (cluster: string) => nodeVersions(stack, (await kubeconfigsOf(stack))[cluster] ?? "");
  const preview = async (change: Change) => {
    reconfigure(stack, sections(change));
    return run(stack, "preview", "--diff");
  };
  const isComplete = async () => (await clusters()).every(({ status }) => status.endsWith("_COMPLETE"));

  it("begins with nodes of the version that the template's label says", async () => {
    const workers = ["default-worker v1.31.1", "default-worker v1.31.1"];
    expect(await versions("lab")).toEqual(["default-master v1.31.1", ...workers]);
  });

  it("is refused at preview where it would skip a minor, with the one to take first", async () => {
    const { exitCode, output } = await preview({ kubeTag: "v1.33.0" });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /clusters\.clusters\.lab` cannot go from v1\.31\.1 to v1\.33\.0.*`kube_tag` of 1\.32 first/s,
    );
    const without = await preview({ kubeTag: "v1.30.9" });
    expect(without.output).toMatch(/runs v1\.31\.1 and cannot go back to v1\.30\.9/);
  });

  it("is refused while Magnum works on the cluster, by the plan as by Magnum itself", async () => {
    const magnum = await magnumOf("sandbox");
    const act = (action: string, body: unknown) => magnum("POST", `/clusters/${id}/actions/${action}`, body);
    expect(await act("resize", { node_count: 3 })).toMatchObject({ status: 202 });
    await expect.poll(isComplete, { timeout: 30_000 }).toBe(false);
    const { exitCode, output } = await preview({ kubeTag: "v1.32.4" });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /clusters\.clusters\.lab` is UPDATE_IN_PROGRESS; Magnum upgrades only from a complete state/,
    );
    await expect.poll(isComplete, { timeout: 120_000, interval: 1_000 }).toBe(true);
    await act("resize", { node_count: 2 });
    await expect.poll(isComplete, { timeout: 30_000 }).toBe(false);
    const { clustertemplates } = await client.get("containerInfra", "/clustertemplates", templatesShape);
    // Without a size Magnum answers 500; clients always send one.
    const refused = await act("upgrade", { cluster_template: clustertemplates[0]?.uuid, max_batch_size: 1 });
    expect(refused.status).toBe(400);
    expect(refused.text).toMatch(/Upgrading a cluster when status is "UPDATE_IN_PROGRESS" is not supported/);
    await expect.poll(isComplete, { timeout: 120_000, interval: 1_000 }).toBe(true);
  });

  it("comes in place to the same cluster, and by another generation to one that is there before the old one goes", async () => {
    reconfigure(stack, sections(NEXT));
    const operations = await plannedOperations(stack);
    const of = (name: string) => Object.entries(operations).find(([resource]) => resource.endsWith(` ${name}`))?.[1];
    expect([of("cluster-lab"), of("cluster-green"), of("cluster-green-g2")]).toEqual(["update", "delete", "create"]);

    const seen = new Set<string>();
    let done = false;
    const watch = (async () => {
      while (!done) {
        const states = (await clusters()).map(({ name, status }) => `${name} ${status}`);
        if (states.includes("newer-lab UPDATE_IN_PROGRESS")) seen.add("lab is upgraded");
        const complete = (name: string) => states.some((state) => new RegExp(`^${name} .*_COMPLETE$`).test(state));
        if (complete("newer-green") && complete("newer-green-g2")) seen.add("both generations");
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    })();
    const { exitCode, output } = await up(stack);
    done = true;
    await watch;
    expect(exitCode, output).toBe(0);
    expect([...seen].sort()).toEqual(["both generations", "lab is upgraded"]);

    const now = await clusters();
    expect(now.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      "newer-green-g2 CREATE_COMPLETE",
      "newer-lab UPDATE_COMPLETE",
    ]);
    expect(now.find(({ name }) => name === "newer-lab")?.uuid).toBe(id);
    const workers = ["default-worker v1.32.4", "default-worker v1.32.4"];
    expect(await versions("lab")).toEqual(["default-master v1.32.4", ...workers]);
    expect(await versions("green")).toEqual(["default-master v1.32.4", "default-worker v1.32.4"]);
  });

  it("leaves nothing to do but to remove the old template, although the driver took over no other label", async () => {
    const operations = await plannedOperations(stack);
    expect(Object.values(operations)).toEqual(["delete"]);
    expect(Object.keys(operations)[0]).toMatch(/ClusterTemplate newer-small-/);
    const { output } = await run(stack, "preview");
    expect(output).not.toMatch(/REPLACED|keeps/);
  });

  it("says what is kept and what would replace, as the engine then does", async () => {
    const changed = { ...NEXT, lab: { labels: { audit_log_enabled: false } }, green: { dockerVolumeSize: undefined } };
    const kept = await preview(changed);
    expect(kept.output).toMatch(
      /clusters\.clusters\.lab keeps `labels\.audit_log_enabled` true, although false is planned/,
    );
    expect(kept.output).toMatch(/clusters\.clusters\.green keeps `dockerVolumeSize` 12, although nothing is planned/);
    expect(Object.values(await plannedOperations(stack))).toEqual(["delete"]);
    const replaced = await preview({ ...NEXT, green: { labels: {} } });
    expect(replaced.output).toMatch(/clusters\.clusters\.green will be REPLACED.*`labels\.audit_log_enabled` true →/s);
    expect(Object.values(await plannedOperations(stack))).toContain("replace");
  });

  it("goes down without a trace", async () => {
    reconfigure(stack, sections(NEXT));
    const { exitCode, output } = await destroy(stack);
    expect(exitCode, output).toBe(0);
    expect(await listCloud(stack)).toEqual(before);
  });
});
