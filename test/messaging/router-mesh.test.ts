import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { transportUrl } from "../../components/messaging/backend/transportUrl";
import type { ServiceConfigRequest } from "../../components/oslo/serviceConfig";
import { AgentError, type Load, type OsloAgent } from "../../tools/blend/oslo/OsloAgent";
import { OsloService, osloWithAmqp, rabbitTransport } from "../support/osloService";
import { RabbitmqCluster } from "../support/rabbitmqCluster";
import { routerOfMachine, RunningMesh } from "../support/routerMesh";

const implementation = routerOfMachine();
const reason = implementation ?? "skipped: neither skrouterd nor qdrouterd is on PATH, and no registry ships one";

const user = { name: "nova", password: "no: va\\%ü" };
const [EDGE_A, EDGE_B] = ["mesh-edge-a-01", "mesh-edge-b-01"];

describe.skipIf(implementation === undefined)(`a mesh of three interior and two edge routers (${reason})`, () => {
  let broker: RabbitmqCluster;
  let mesh: RunningMesh;
  let caller: OsloAgent;
  let server: OsloAgent;
  const services: OsloService[] = [];

  /** The service at an edge; its notifications are on the broker. */
  async function serviceAt(edges: readonly string[], password = user.password): Promise<OsloService> {
    const endpoints = edges.map((edge) => `${edge}:5671`);
    const url = transportUrl({ driver: "amqp", endpoints, user: user.name, password, vhost: "openstack" });
    const request: ServiceConfigRequest = {
      service: "nova",
      release: "2024.1",
      rpc: { driver: "amqp", url, caPem: broker.authority.caPem },
      notifications: rabbitTransport(broker, user.name),
    };
    const service = new OsloService((await osloWithAmqp()).python, request, mesh.environment);
    services.push(service);
    return service;
  }

  /** Calls until an answer comes: after a start or a failure links take a moment to come back. */
  async function answered(topic: string): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await caller.ask("call", { topic, value: "anyone?", timeout: 5 });
        return;
      } catch (error) {
        if (!(error instanceof AgentError) || tries === 20) throw error;
      }
    }
  }

  beforeAll(async () => {
    broker = await RabbitmqCluster.start({ nodes: 1, users: [user] });
    const request = { interior: 3, implementation, edges: { a: { count: 1 }, b: { count: 1 } } };
    mesh = await RunningMesh.start(request, [user], broker.authority);
    caller = (await serviceAt([EDGE_A])).agent();
    server = (await serviceAt([EDGE_B])).agent();
    await server.ask("serve", { topic: "compute", server: "b" });
    await answered("compute");
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await mesh?.stop();
    await broker?.stop();
  });

  it("carries a call from a client at one edge to a server at the other, and the answer or exception back", async () => {
    const called = await caller.ask("call", { topic: "compute", value: "hello" });
    expect(called).toMatchObject({ answer: { value: "hello", server: "b" } });
    await expect(caller.ask("call", { topic: "compute", method: "fail", value: "no" })).rejects.toThrow(
      /ValueError: no/,
    );
  });

  it("brings a fan-out to every server exactly once", async () => {
    const others = [(await serviceAt([EDGE_A])).agent(), (await serviceAt([EDGE_B])).agent()];
    for (const [at, other] of others.entries()) await other.ask("serve", { topic: "fans", server: `s${at}` });
    await answered("fans");
    const sent = Array.from({ length: 10 }, (_, at) => at);
    // The subscriptions of all servers must have spread before anything is sent to all of them.
    await sleep(2000);
    for (const value of sent) await caller.ask("cast", { topic: "fans", value, fanout: true });
    // A server's threads may note two that come together in either order.
    const notes = async (other: OsloAgent) => (await other.ask<number[]>("notes")).sort((a, b) => a - b);
    for (const other of others) await expect.poll(() => notes(other), { timeout: 30_000 }).toEqual(sent);
    // A second copy would come on the heels of the first.
    await sleep(1000);
    for (const other of others) expect(await notes(other)).toEqual(sent);
  });

  it("fails a call whose server is absent after the call's own timeout, and delivers nothing stale when it is back", async () => {
    const gone = (await serviceAt([EDGE_B])).agent();
    await gone.ask("serve", { topic: "absent", server: "b" });
    await answered("absent");
    await gone.end();
    for (const value of ["stale 1", "stale 2"]) {
      const error = await caller
        .ask("call", { topic: "absent", method: "note", value, timeout: 2 })
        .catch((thrown: unknown) => thrown as AgentError);
      expect(error).toMatchObject({ kind: "MessagingTimeout" });
      expect((error as AgentError).seconds).toBeLessThan(4);
    }
    const back = (await serviceAt([EDGE_B])).agent();
    await back.ask("serve", { topic: "absent", server: "b" });
    await answered("absent");
    expect(await back.ask("notes")).toEqual([]);
  });

  it("leaves notifications to the broker, where they wait for their listener", async () => {
    for (let at = 0; at < 5; at++) await caller.ask("notify", { topic: "late", event: "created", payload: { at } });
    await server.ask("listen", { topic: "late" });
    await expect.poll(() => server.ask<unknown[]>("heard"), { timeout: 60_000 }).toHaveLength(5);
  });

  it("goes on when the interior router dies that the client's edge is connected to", async () => {
    const active = mesh.plan.edges[0]?.links[0]?.hostName ?? "";
    const load = (seconds: number) => caller.ask<Load>("load", { topic: "compute", seconds, clients: 4, timeout: 5 });
    const during = load(8);
    await sleep(1000);
    await mesh.end(mesh.router(active), "SIGKILL");
    // What was under way with the router is lost: a call or two of each client.
    expect((await during).failures.length).toBeLessThanOrEqual(8);
    await answered("compute");
    const after = await load(2);
    expect([after.failures, after.calls > 0]).toEqual([[], true]);
    await mesh.boot(mesh.router(active));
    await answered("compute");
  });

  it("lets nobody in with a wrong password, and tells its health to the mesh's certificates only", async () => {
    const stranger = (await serviceAt([EDGE_A], "wrong")).agent();
    await expect(stranger.ask("call", { topic: "compute", value: "?", timeout: 3 })).rejects.toThrow(
      /MessagingTimeout/,
    );
    expect(stranger.log).toContain("AUTHENTICATION FAILURE");
    const router = mesh.router(EDGE_A);
    await expect(mesh.get(router, "/healthz")).resolves.toBeDefined();
    await expect(mesh.get(router, "/healthz", false)).rejects.toThrow();
  });
});
