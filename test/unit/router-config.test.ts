import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { renderRouterConfig, renderRouterStart, renderSaslConfig } from "../../components/messaging/mesh/config";
import { routerUserData } from "../../components/messaging/mesh/host";
import { edgeOrder, rolloutOrder } from "../../components/messaging/mesh/lanes";
import { type MeshRequest, planMesh } from "../../components/messaging/mesh/plan";
import type { RouterImplementation } from "../../components/messaging/mesh/topology";
import { managementSchema, routerFindings } from "../support/routerSchema";

const zones = ["az-1", "az-2", "az-3"].map((zone, at) => ({ zone, cidr: `10.20.${at * 32}.0/19` }));
const plan = (request: MeshRequest) => planMesh("prod", request, zones);
const configOf = (request: MeshRequest, index = 0, kind: "routers" | "edges" = "routers") => {
  const router = plan(request)[kind][index];
  if (router === undefined) throw new Error("no such router");
  return renderRouterConfig(router, request.implementation);
};
const implementationOf = (schema: string): RouterImplementation =>
  schema.startsWith("qd") ? "qpid-dispatch" : "skupper-router";
type Entity = [string, Record<string, unknown>];
const entities = (config: string) => JSON.parse(config) as Entity[];
const ofType = (config: string, type: string) =>
  entities(config)
    .filter(([t]) => t === type)
    .map(([, a]) => a);

describe("the mesh plan of a stack", () => {
  it("places interior routers at planned addresses and edges at any, zone by zone", () => {
    const { routers, edges } = plan({
      interior: 3,
      edges: { nova: { count: 2 }, "rack-7": { count: 1, zone: "az-3" } },
    });
    expect(routers.map((router) => [router.hostName, router.zone, router.address])).toEqual([
      ["prod-router-01", "az-1", "10.20.0.32"],
      ["prod-router-02", "az-2", "10.20.32.32"],
      ["prod-router-03", "az-3", "10.20.64.32"],
    ]);
    expect(edges.map((edge) => [edge.hostName, edge.zone])).toEqual([
      ["prod-edge-nova-01", "az-1"],
      ["prod-edge-nova-02", "az-2"],
      ["prod-edge-rack-7-01", "az-3"],
    ]);
  });

  it("changes no router that is there when two are added", () => {
    expect(plan({ interior: 5 }).routers.slice(0, 3)).toEqual(plan({ interior: 3 }).routers);
  });

  it.each([0, 65])("refuses %d interior routers", (interior) => {
    expect(() => plan({ interior })).toThrow(/must be 1 to 64/);
  });

  it("refuses an edge group in a zone that the network has not", () => {
    expect(() => plan({ interior: 2, edges: { nova: { count: 1, zone: "az-9" } } })).toThrow(
      /`messaging.rpc.edges.nova.zone` must be one of .*az-1, az-2, az-3.*"az-9"/,
    );
  });

  const remote = (name: string, address: string) => ({
    [name]: { gateways: { [`${name}-1`]: address, [`${name}-2`]: address.replace(/1$/, "2") }, cidr: "192.0.2.0/24" },
  });

  it("lets the later of two sites open the links, so that each link is there once", () => {
    const early = plan({ interior: 2, site: "budapest", sites: remote("geneva", "192.0.2.1") });
    const late = plan({ interior: 2, site: "geneva", sites: remote("budapest", "192.0.2.1") });
    expect(early.routers.flatMap((router) => router.links).filter((link) => link.cost === 100)).toEqual([]);
    expect(early.callers).toEqual([{ site: "geneva", cidr: "192.0.2.0/24" }]);
    expect(late.callers).toEqual([]);
    expect(late.routers.map((router) => router.links.find((link) => link.cost === 100)?.hostName)).toEqual([
      "budapest-1",
      "budapest-2",
    ]);
  });

  it("refuses a site that is listed among its others", () => {
    expect(() => plan({ interior: 2, site: "geneva", sites: remote("geneva", "192.0.2.1") })).toThrow(
      /list the others only/,
    );
  });
});

describe("a router's configuration", () => {
  it.each(["skrouter-3.5.1", "skrouter-2.0.0", "qdrouter-1.19.0"] as const)(
    "validates against %s's schema in meshes of 1 to 64 interior routers",
    (name) => {
      const [schema, implementation] = [managementSchema(name), implementationOf(name)];
      const connectivity = implementation === "qpid-dispatch" ? 1 : 3;
      for (let interior = 1; interior <= 64; interior++) {
        const { routers, edges } = plan({ interior, implementation, connectivity, edges: { nova: { count: 5 } } });
        for (const router of [...routers, ...edges]) {
          expect(routerFindings(renderRouterConfig(router, implementation), schema)).toEqual([]);
        }
      }
    },
    60_000,
  );

  it.each(["skrouter-3.5.1", "skrouter-2.0.0", "qdrouter-1.19.0"] as const)(
    "validates against %s's schema for ten thousand edges",
    (name) => {
      const [schema, implementation] = [managementSchema(name), implementationOf(name)];
      const { edges } = plan({ interior: 64, implementation, edges: { racks: { count: 10_000 } } });
      const wrong = edges.flatMap((edge) => routerFindings(renderRouterConfig(edge, implementation), schema));
      expect([edges.length, wrong]).toEqual([10_000, []]);
    },
    60_000,
  );

  it("names nothing of the other router", () => {
    const request: MeshRequest = { interior: 5, implementation: "qpid-dispatch", edges: { nova: { count: 2 } } };
    const { routers, edges } = plan(request);
    for (const router of [...routers, ...edges]) {
      expect(renderRouterConfig(router, "qpid-dispatch")).not.toMatch(/skupper|skrouterd/);
    }
  });

  it("is refused by the same check when it is wrong in one of the ways that routers let pass", () => {
    const schema = managementSchema("skrouter-3.5.1");
    const seeded = (change: (all: Entity[]) => void) => {
      const all = entities(configOf({ interior: 3 }, 2));
      change(all);
      return routerFindings(JSON.stringify(all), schema).join("\n");
    };
    const listener = (all: Entity[]) => all.find(([, a]) => a["name"] === "clients")?.[1] ?? {};
    expect(seeded((all) => (listener(all)["sslProfile"] = "mes"))).toContain("no such TLS profile");
    expect(seeded((all) => (listener(all)["requireSSL"] = true))).toContain("listener.requireSSL: no such attribute");
    expect(seeded((all) => (listener(all)["cost"] = "1"))).toContain('"1" is no "integer"');
    expect(seeded((all) => all.push(["address", { distribution: "closest" }]))).toContain("neither prefix nor pattern");
    expect(seeded((all) => all.push(["router", { mode: "edge" }]))).toContain("router: must be there once");
    expect(seeded((all) => all.push(["vhost", { groups: {} }]))).toContain("vhost.hostname: missing");
  });

  it("distributes oslo.messaging's addresses as its driver says, and nothing else", () => {
    const config = configOf({ interior: 1 });
    expect(ofType(config, "router")[0]).toMatchObject({ defaultDistribution: "unavailable" });
    expect(Object.fromEntries(ofType(config, "address").map((a) => [a["prefix"], a["distribution"]]))).toEqual({
      "openstack.org/om/rpc/multicast": "multicast",
      "openstack.org/om/rpc/unicast": "closest",
      "openstack.org/om/rpc/anycast": "balanced",
      "openstack.org/om/notify/multicast": "multicast",
      "openstack.org/om/notify/unicast": "closest",
      "openstack.org/om/notify/anycast": "balanced",
      broadcast: "multicast",
      unicast: "closest",
      exclusive: "closest",
    });
  });

  it("opens no port without TLS, nor to peers that it does not know: the health port is on every address, too", () => {
    for (const listener of ofType(configOf({ interior: 2 }), "listener")) {
      expect(listener).toMatchObject({ sslProfile: "mesh", requireSsl: true, authenticatePeer: true });
    }
    const plain = entities(configOf({ interior: 1 })).map(([type, a]) => [type, { ...a, sslProfile: undefined }]);
    expect(routerFindings(JSON.stringify(plain), managementSchema("skrouter-3.5.1")).join("\n")).toContain(
      "listener health: no such TLS profile",
    );
  });

  it("enters every user with and without a realm, so that a login needs none", () => {
    const script = renderRouterStart();
    expect(script).toContain("\n  enter\n  enter -u openstack\n");
    expect(renderSaslConfig()).toContain(/-f (\S+)/.exec(script)?.[1]);
  });

  it("lets clients reach replies at their callers' addresses", () => {
    const client = ofType(configOf({ interior: 1 }), "vhost").find((vhost) => vhost["hostname"] === "openstack");
    expect(JSON.stringify(client)).toContain("amqp:/_topo/#,amqp:/_edge/#");
  });

  it("gives an edge its uplinks and clients, and no port for other routers", () => {
    const config = configOf({ interior: 3, edges: { nova: { count: 1 } } }, 0, "edges");
    expect(ofType(config, "connector").map((a) => [a["role"], a["port"]])).toEqual([
      ["edge", "45671"],
      ["edge", "45671"],
    ]);
    expect(ofType(config, "listener").map((a) => a["name"])).toEqual(["clients", "health"]);
  });

  it("is on its server with the routers that it connects to in the hosts file", () => {
    const router = plan({ interior: 3 }).routers[2];
    if (router === undefined) throw new Error("no router");
    const tls = { caPem: "CA", certPem: "CERT", keyPem: "KEY" };
    const users = [{ name: "nova", password: "hunter2" }];
    const userData = routerUserData({
      router,
      implementation: "skupper-router",
      image: "skupper-router:3",
      tls,
      users,
    });
    const files = (parse(userData) as { write_files: { path: string; content: string; permissions: string }[] })
      .write_files;
    const file = (path: string) => files.find((candidate) => candidate.path === path);
    expect(file("/etc/hosts")?.content).toContain("10.20.0.32 prod-router-01\n");
    expect(file("/etc/skupper-router/users")).toMatchObject({ content: "nova:hunter2\n", permissions: "0400" });
  });
});

describe("the order in which routers are replaced", () => {
  it("never takes more of the core at once than the mesh can lose", () => {
    expect(rolloutOrder(4, 2)).toEqual([undefined, 0, 1, 2]);
    expect(rolloutOrder(5, 3)).toEqual([undefined, undefined, 0, 1, 2]);
  });

  it("takes an eighth of the others at a time, after the core", () => {
    const order = rolloutOrder(24, 2);
    expect(order.slice(8, 11)).toEqual([7, 7, 8]);
    expect(edgeOrder(16).filter((before) => before === undefined)).toHaveLength(2);
    expect(edgeOrder(3)).toEqual([undefined, 0, 1]);
  });
});
