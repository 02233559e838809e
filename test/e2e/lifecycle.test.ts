import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { parseConfig } from "../../stacks/config/parse";
import { planStack } from "../../stacks/plan";
import { extra, type Listing, listCloud } from "../../tools/sandbox/listing";
import { drawTopology } from "../../tools/topology/draw";
import { removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
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
  stateOf,
  up,
} from "./support/stack";

const sections = {
  cloud: { release: "2026.1" },
  network: { ...NETWORK, ipv6Cidr: "fd00:20::/48" },
  messaging: MESSAGING,
  clusters: CLUSTERS,
};
const grown = { ...sections, ...GROWN };
const serverShape = z.object({ servers: z.array(z.object({ id: z.string(), name: z.string() })) });

describe("a stack from up to destroy, on a real engine and a real OpenStack", () => {
  let stack: Workspace;
  let before: Listing;
  const log: string[] = [];

  beforeAll(async () => {
    stack = await makeStack("life", sections, await userCloud());
    before = await listCloud(stack);
  });
  afterAll(() => removeWorkspace(stack));

  it("goes up through all layers", async () => {
    const { exitCode, output } = await up(stack);
    log.push(output);
    expect(output).not.toContain("error:");
    expect(exitCode).toBe(0);
    const listing = await listCloud(stack);
    const made = extra(listing, before);
    expect(made.filter((item) => item.startsWith("servers: life-"))).toHaveLength(3 + 2);
    expect(made.filter((item) => item.startsWith("clusters: life-trial"))).toHaveLength(1);
    expect(made.filter((item) => item.startsWith("volumes: life-broker-01-data"))).toHaveLength(1);
  });

  it("puts IPv6 subnets onto the router one after the other, since Neutron does not lock there", async () => {
    const links = (await stateOf(stack)).resources?.filter(({ urn }) => /-interface-.*-v6$/.test(urn)) ?? [];
    const others = links.map(({ urn }) => links.filter(({ dependencies = [] }) => dependencies.includes(urn)).length);
    expect(others.sort()).toEqual([0, 1, 1]);
  });

  it("changes nothing when it goes up again", async () => {
    const { exitCode, output } = await up(stack, "--expect-no-changes");
    log.push(output);
    expect(output).toMatch(/Resources:\s+\d+ unchanged/);
    expect(exitCode).toBe(0);
  });

  it("finds no drift", async () => {
    const { exitCode, output } = await run(stack, "refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(output).toMatch(/Resources:\s+\d+ unchanged/);
    expect(exitCode).toBe(0);
  });

  it("plans exactly the added router and the resized cluster when counts change", async () => {
    reconfigure(stack, grown);
    const planned = await plannedOperations(stack);
    const router = Object.entries(planned).filter(([name]) => name.includes("messaging-router-03"));
    expect(router.map(([, operation]) => operation)).toEqual(Array(router.length).fill("create"));
    expect(router.some(([name]) => name.includes("instance:Instance"))).toBe(true);
    const others = Object.entries(planned).filter(([name]) => !name.includes("messaging-router-03"));
    expect(others.map(([name, op]) => `${op} ${name.split(" ").at(-1) ?? ""}`)).toEqual(["update cluster-trial"]);
    const { exitCode, output } = await up(stack);
    log.push(output);
    expect(exitCode).toBe(0);
  });

  it("finds a server that was deleted behind its back, and makes it anew with its address and its data", async () => {
    const client = await clientOf();
    const servers = async () =>
      (await client.get("compute", "/servers/detail?name=life-broker-01", serverShape)).servers;
    const volumeOf = async () =>
      (await stateOf(stack)).resources?.find((resource) => resource.urn.endsWith("messaging-broker-01-volume"))?.id;
    const [server] = await servers();
    const volume = await volumeOf();
    await client.send("DELETE", "compute", `/servers/${server?.id ?? ""}`);
    await expect.poll(async () => (await servers()).length, { timeout: 60_000 }).toBe(0);
    const refreshed = await run(stack, "refresh", "--yes", "--skip-preview");
    expect(refreshed.output).toMatch(/messaging-broker-01/);
    const { exitCode, output } = await up(stack);
    log.push(output);
    expect(exitCode, output).toBe(0);
    const [again] = await servers();
    expect(again?.id).not.toBe(server?.id);
    expect(await volumeOf()).toBe(volume);
  });

  it("shows its secrets nowhere: not in the state, the logs, the outputs, or the picture", async () => {
    const shown = JSON.parse((await run(stack, "stack", "output", "--json", "--show-secrets")).output) as {
      messaging: { rpcTransportUrls: Record<string, string> };
      clusters: { kubeconfigs: Record<string, string> };
    };
    const password = /:\/\/nova:([^@]+)@/.exec(shown.messaging.rpcTransportUrls["nova"] ?? "")?.[1] ?? "";
    expect(password.length).toBeGreaterThan(20);
    const kubeconfig = shown.clusters.kubeconfigs["trial"] ?? "";
    const key = /client-key-data: (\S+)/.exec(kubeconfig)?.[1] ?? "";
    expect(key.length).toBeGreaterThan(100);
    const config = parseConfig(grown, { file: "test" });
    const places = {
      state: readFileSync(join(stack.dir, "state/.pulumi/stacks/openstack-fabric/life.json"), "utf8"),
      log: log.join("\n"),
      outputs: (await run(stack, "stack", "output", "--json")).output,
      preview: (await run(stack, "preview", "--json")).output,
      diff: (await run(stack, "preview", "--diff", "--refresh")).output,
      picture: await drawTopology(config, planStack(config, "life"), "life"),
    };
    for (const [place, text] of Object.entries(places)) {
      for (const secret of [password, key.slice(0, 60)]) expect(text.includes(secret), place).toBe(false);
    }
  });

  it("leaves every service's listing as it was when it is destroyed", async () => {
    const { exitCode, output } = await destroy(stack);
    expect(exitCode, output).toBe(0);
    expect(await listCloud(stack)).toEqual(before);
  });
});
