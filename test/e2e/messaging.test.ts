import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { type Listing, listCloud } from "../../tools/sandbox/listing";
import { removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { clientOf, userCloud } from "../support/sandbox/cloud";
import {
  destroy,
  expectRefused,
  makeStack,
  MESSAGING,
  NETWORK,
  plannedOperations,
  reconfigure,
  stateOf,
  up,
} from "./support/stack";

const shape = z.object({
  servers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      created: z.iso.datetime(),
      "OS-EXT-AZ:availability_zone": z.string(),
    }),
  ),
});
type Server = z.output<typeof shape>["servers"][number];

/** The image whose guests never say that they are ready. */
const UNREADY = "debian-12-unready";

const sections = (broker: object = {}, rpc: object = {}) => ({
  cloud: { release: "2026.1" },
  network: NETWORK,
  messaging: {
    ...MESSAGING,
    broker: { ...MESSAGING.broker, nodes: 3, ...broker },
    rpc: { ...MESSAGING.rpc, interior: 3, ...rpc },
    rollout: { timeout: 30 },
  },
});

async function serversOf(role: string): Promise<Server[]> {
  const { servers } = await (await clientOf()).get("compute", `/servers/detail?name=msg-${role}-`, shape);
  return servers.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a preview would do, by the operation: the resources' own names. */
async function operationsOf(stack: Workspace): Promise<Record<string, string[]>> {
  const planned = Object.entries(await plannedOperations(stack));
  const operations: Record<string, string[]> = {};
  for (const [name, operation] of planned) (operations[operation] ??= []).push(name.split(" ").at(-1) ?? "");
  return operations;
}

async function expectUp(stack: Workspace): Promise<void> {
  const { exitCode, output } = await up(stack);
  expect(exitCode, output).toBe(0);
}

/** What outlives servers: ports and volumes, by their names. */
async function durableIds(stack: Workspace): Promise<Record<string, string | undefined>> {
  const resources = (await stateOf(stack)).resources ?? [];
  const durable = resources.filter(({ type }) => /port:Port$|volume:Volume$/.test(type));
  return Object.fromEntries(durable.map(({ urn, id }) => [urn.split("::").at(-1) ?? "", id]));
}

describe("hybrid messaging in three zones", () => {
  let stack: Workspace;
  let before: Listing;

  beforeAll(async () => {
    stack = await makeStack("msg", sections(), await userCloud());
    before = await listCloud(stack);
  });
  afterAll(() => removeWorkspace(stack));

  it("goes up with a broker and a router in each zone", async () => {
    await expectUp(stack);
    for (const role of ["broker", "router"]) {
      const zones = (await serversOf(role)).map((server) => server["OS-EXT-AZ:availability_zone"]);
      expect(zones).toEqual(["az-1", "az-2", "az-3"]);
    }
  });

  it("plans two more routers as what they consist of, and nothing else", async () => {
    reconfigure(stack, sections({}, { interior: 5 }));
    const { create = [], ...others } = await operationsOf(stack);
    expect(others).toEqual({});
    expect(create.filter((name) => !/^messaging-router-0[45]/.test(name))).toEqual([]);
    expect(create).toContain("messaging-router-05");
  });

  it("grows from three brokers to five without replacing one, so that three of three and then of five have quorum", async () => {
    reconfigure(stack, sections({ nodes: 5 }, { interior: 5 }));
    const { create = [], update = [], ...others } = await operationsOf(stack);
    expect(others).toEqual({});
    expect(create.filter((name) => !/^messaging-(router|broker)-0[45]/.test(name))).toEqual([]);
    // The servers learn of the new members by their metadata.
    expect(update.sort()).toEqual(["messaging-broker-01", "messaging-broker-02", "messaging-broker-03"]);
    const old = await serversOf("broker");
    await expectUp(stack);
    const grown = await serversOf("broker");
    expect(grown).toHaveLength(5);
    expect(grown.slice(0, 3)).toEqual(old);
  });

  it("shrinks back to three: the last two go, the others stay", async () => {
    const old = await serversOf("broker");
    reconfigure(stack, sections({}, { interior: 5 }));
    const { delete: removed = [], update = [], ...others } = await operationsOf(stack);
    expect(others).toEqual({});
    expect(removed.filter((name) => !/^messaging-broker-0[45]/.test(name))).toEqual([]);
    expect(update.sort()).toEqual(["messaging-broker-01", "messaging-broker-02", "messaging-broker-03"]);
    await expectUp(stack);
    expect(await serversOf("broker")).toEqual(old.slice(0, 3));
  });

  it("replaces brokers one at a time, each after the one before has rejoined, and keeps addresses and data", async () => {
    const durable = await durableIds(stack);
    const old = await serversOf("broker");
    reconfigure(stack, sections({ containerImage: "docker.io/library/rabbitmq:4.1.5" }, { interior: 5 }));
    await expectUp(stack);
    const renewed = await serversOf("broker");
    expect(renewed.map(({ id }) => id).filter((id) => old.some((server) => server.id === id))).toEqual([]);
    const made = renewed.map(({ created }) => Date.parse(created) / 1000);
    // A guest of the sandbox is ready five seconds after its launch.
    for (const [at, time] of made.slice(1).entries()) expect(time - (made[at] ?? 0)).toBeGreaterThanOrEqual(5);
    expect(await durableIds(stack)).toEqual(durable);
  });

  it("stops at a replaced broker that does not rejoin, and goes on when that is mended", async () => {
    const old = await serversOf("broker");
    const image = "docker.io/library/rabbitmq:4.1.5";
    reconfigure(stack, sections({ image: UNREADY, containerImage: image }, { interior: 5 }));
    const { exitCode, output } = await up(stack);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(
      /msg-broker-01 was replaced and has not rejoined within 30 s; it last said "not-ready guest/,
    );
    expect((await serversOf("broker")).slice(1)).toEqual(old.slice(1));
    reconfigure(stack, sections({ containerImage: image }, { interior: 5 }));
    await expectUp(stack);
    expect((await serversOf("broker")).slice(1)).toEqual(old.slice(1));
  });

  it("leaves every service's listing as it was when it is destroyed", async () => {
    const { exitCode, output } = await destroy(stack);
    expect(exitCode, output).toBe(0);
    expect(await listCloud(stack)).toEqual(before);
  });
});

describe("a combination that keeps no promise fails at preview, with its reason", () => {
  const kafka = { ...sections({ kind: "kafka" }).messaging, mode: "vanilla", rpc: undefined };
  it.each([
    ["Kafka for RPC", kafka, /"kafka" cannot carry RPC/],
    [
      "an even number of brokers",
      sections({ nodes: 4 }).messaging,
      /`messaging.broker.nodes` must be one of: 1, 3, 5, 7, got 4/,
    ],
    [
      "amqp:// for a release that dropped it",
      { ...sections().messaging, release: "2025.1" },
      /AMQP 1.0 driver, which 2025.1 no longer has/,
    ],
  ])("%s", async (_, messaging, reason) => {
    await expectRefused("wrong", { ...sections(), messaging }, reason);
  });
});
