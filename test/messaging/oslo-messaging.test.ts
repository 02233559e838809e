import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Release } from "../../components/releases";
import { measureOslo } from "../../tools/blend/oslo/measure";
import { AgentError, type OsloAgent } from "../../tools/blend/oslo/OsloAgent";
import type { PatternName } from "../../tools/blend/transports/transport";
import { osloLibraries } from "../support/osloLibraries";
import { OsloService, osloWithAmqp, rabbitTransport } from "../support/osloService";
import { RabbitmqCluster } from "../support/rabbitmqCluster";

/** A release with the AMQP 1.0 driver and one without; the services of both take RabbitMQ in `vanilla` mode. */
const RELEASES: { release: Release; user: string; python: () => Promise<string>; library: string }[] = [
  { release: "2024.1", user: "nova", python: async () => (await osloWithAmqp()).python, library: "14.7.3" },
  { release: "2026.1", user: "cinder", python: async () => (await osloLibraries("2026.1")).python, library: "17.3.2" },
];

let cluster: RabbitmqCluster;

beforeAll(async () => {
  // Anything but a slash: the library quotes the password again for kombu, and leaves slashes as they are.
  const users = RELEASES.map(({ user }) => ({ name: user, password: `secret of ${user}: %@ü` }));
  cluster = await RabbitmqCluster.start({ users });
});

afterAll(() => cluster?.stop());

describe.each(RELEASES)("oslo.messaging of $release, with the generated files, on a cluster of three", (given) => {
  let service: OsloService;
  let caller: OsloAgent;
  let servers: OsloAgent[];

  beforeAll(async () => {
    const { release, user } = given;
    const transport = rabbitTransport(cluster, user);
    const request = { service: user, release, rpc: transport, notifications: transport };
    service = new OsloService(await given.python(), request);
    caller = service.agent();
    servers = [service.agent(), service.agent()];
    for (const [at, server] of servers.entries()) await server.ask("serve", { topic: user, server: `host-${at}` });
  });

  afterAll(() => service?.stop());

  it("is the library that was meant", async () => {
    expect(await caller.ask("versions")).toMatchObject({ "oslo.messaging": given.library });
  });

  it("calls, sees remote exceptions, and finds one server among two", async () => {
    const topic = given.user;
    expect(await caller.ask("call", { topic, value: "é" })).toMatchObject({ answer: { value: "é" } });
    expect(await caller.ask("call", { topic, value: 1, server: "host-1" })).toMatchObject({
      answer: { server: "host-1" },
    });
    await expect(caller.ask("call", { topic, method: "fail", value: "no" })).rejects.toThrow(/ValueError: no/);
  });

  it("brings a cast to one server and a fan-out to each, once", async () => {
    const topic = given.user;
    const cast = (value: string, to: object) => caller.ask("cast", { topic, value, ...to });
    const heard = () => Promise.all(servers.map((server) => server.ask<string[]>("notes")));
    // Brokers tell each other of a new queue's binding a moment later: until then a fan-out passes it by.
    const bound = async () => {
      await cast("early", { fanout: true });
      return (await heard()).every((notes) => notes.includes("early"));
    };
    await expect.poll(bound, { timeout: 30_000, interval: 500 }).toBe(true);
    await cast("cast", { server: "host-0" });
    await cast("all", { fanout: true });
    const notes = async () => (await heard()).map((each) => each.filter((note) => note !== "early").sort());
    await expect.poll(notes, { timeout: 30_000 }).toEqual([["all", "cast"], ["all"]]);
    await sleep(500);
    expect(await notes()).toEqual([["all", "cast"], ["all"]]);
  });

  it("has a call without a server fail after its own timeout", async () => {
    const error = await caller
      .ask("call", { topic: given.user, server: "nobody", value: 1, timeout: 1 })
      .catch((thrown: unknown) => thrown as AgentError);
    expect(error).toBeInstanceOf(AgentError);
    expect((error as AgentError).seconds).toBeLessThan(5);
  });

  it("keeps notifications for a listener that comes later", async () => {
    const topic = `${given.user}-late`;
    for (let at = 0; at < 3; at++) await caller.ask("notify", { topic, event: "made", payload: { at } });
    const late = service.agent();
    await late.ask("listen", { topic });
    await expect.poll(() => late.ask<unknown[]>("heard"), { timeout: 60_000 }).toHaveLength(3);
  });

  it("made quorum queues with three members, and no queue that a broker's end takes with it", async () => {
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error("no node");
    const queues = await cluster.list(node, "rabbitmqctl", [
      "list_queues",
      "-p",
      cluster.vhost,
      "name",
      "type",
      "members",
    ]);
    const named = queues.filter(({ name }) => String(name).includes(given.user));
    expect(named.length).toBeGreaterThan(2);
    for (const queue of named) {
      expect(["quorum", "stream"]).toContain(queue["type"]);
      expect(queue["members"]).toHaveLength(3);
    }
  });
});

describe("the load tool, by the real oslo.messaging and the generated files", () => {
  const measure = async (at: number, pattern: PatternName) => {
    const given = RELEASES[at];
    if (given === undefined) throw new Error("no release");
    const transport = rabbitTransport(cluster, given.user);
    const request = { service: given.user, release: given.release, rpc: transport, notifications: transport };
    const service = new OsloService(await given.python(), request);
    const shape = { clients: 2, servers: 2, rate: 20, seconds: 2, warmup: 2, size: 1024, timeoutMs: 10_000 };
    return measureOslo({ ...shape, pattern, agent: () => service.agent() }).finally(() => service.stop());
  };

  it.each(["call", "cast", "fanout", "notification"] as const)("times every %s, and loses none", async (pattern) => {
    const found = await measure(0, pattern);
    expect(found).toMatchObject({ sent: 40, failures: {}, lost: 0, duplicates: 0 });
    expect(found.latency.count).toBe(pattern === "fanout" ? 80 : 40);
    expect(found.latency.p50).toBeGreaterThan(0);
    expect(found.ceiling).toBeGreaterThan(20);
  });

  it("refuses to compare calls of a version that sleeps for every answer, and says why", async () => {
    await expect(measure(1, "call")).rejects.toThrow(/17\.3\.2 is refused .* sleeps half a second/);
  });
});

it("is refused by the broker with a wrong password", async () => {
  const [first] = RELEASES;
  if (first === undefined) throw new Error("no release");
  const { url, ...rest } = rabbitTransport(cluster, first.user);
  const wrong = { ...rest, url: url.replaceAll(/:[^:@/]+@/g, ":wrong@") };
  const request = { service: first.user, release: first.release, rpc: wrong, notifications: wrong };
  const service = new OsloService(await first.python(), request);
  try {
    const call = service.agent().ask("call", { topic: "x", value: 1, timeout: 2 });
    await expect(call).rejects.toThrow(/ACCESS_REFUSED/);
  } finally {
    await service.stop();
  }
});

it("keeps notifications over the crash of a broker, for a listener that comes while it is down", async () => {
  const [given] = RELEASES;
  const [, node] = cluster.nodes;
  if (given === undefined || node === undefined) throw new Error("no release or no second node");
  const transport = rabbitTransport(cluster, given.user);
  const request = { service: given.user, release: given.release, rpc: transport, notifications: transport };
  const service = new OsloService(await given.python(), request);
  try {
    const sender = service.agent();
    for (let at = 0; at < 3; at++) await sender.ask("notify", { topic: "crash", event: "made", payload: { at } });
    await cluster.end(node, "SIGKILL");
    const late = service.agent();
    await late.ask("listen", { topic: "crash" });
    await expect.poll(() => late.ask<unknown[]>("heard"), { timeout: 60_000 }).toHaveLength(3);
  } finally {
    await service.stop();
  }
});
