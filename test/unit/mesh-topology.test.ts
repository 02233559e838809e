import { describe, expect, it } from "vitest";

import { choices, simulateFailures } from "../../components/messaging/mesh/simulate";
import { planTopology, type Topology, type TopologyRequest } from "../../components/messaging/mesh/topology";

const zones = ["az-1", "az-2", "az-3"];

function meshOf(interior: number, more: Partial<TopologyRequest> & { edgeCount?: number } = {}): Topology {
  const { edgeCount = 0, ...request } = more;
  return planTopology({
    implementation: "skupper-router",
    sites: [{ name: "here", zones, interior }],
    edges: edgeCount === 0 ? [] : [{ name: "racks", site: "here", count: edgeCount }],
    connectivity: 2,
    ...request,
  });
}

const linksOf = (topology: Topology) => topology.interior.reduce((sum, node) => sum + node.links.length, 0);

/** Fails every choice of k − 1 interior routers and gives the worst that happened. */
function worst(topology: Topology): { unreachable: number; hops: number } {
  let [unreachable, hops] = [0, 0];
  for (const failed of choices(topology.interior.length, topology.connectivity - 1)) {
    const result = simulateFailures(topology, failed);
    unreachable = Math.max(unreachable, result.unreachable.length);
    hops = Math.max(hops, result.hops);
  }
  return { unreachable, hops };
}

describe("the mesh of a site", () => {
  it("is full up to eight interior routers", () => {
    for (let interior = 1; interior <= 8; interior++) {
      expect(linksOf(meshOf(interior))).toBe((interior * (interior - 1)) / 2);
    }
  });

  it("has links in proportion to its routers beyond that", () => {
    expect([16, 32, 64].map((interior) => linksOf(meshOf(interior, { connectivity: 3 })))).toEqual([
      28 + 8 * 3,
      28 + 24 * 3,
      28 + 56 * 3,
    ]);
  });

  it("keeps every router reachable within the planned hops after any k − 1 failures, at every size", () => {
    for (const connectivity of [1, 2, 3]) {
      for (let interior = 1; interior <= (connectivity === 3 ? 24 : 64); interior++) {
        const topology = meshOf(interior, { connectivity, edgeCount: 12 });
        expect(topology.connectivity).toBe(Math.min(connectivity, interior));
        const result = worst(topology);
        expect([interior, connectivity, result.unreachable]).toEqual([interior, connectivity, 0]);
        expect(result.hops).toBeLessThanOrEqual(topology.maxHops);
      }
    }
  });

  it("keeps the largest site together, edges included, after any two of its 64 routers fail", () => {
    const topology = meshOf(64, { connectivity: 3, edgeCount: 200 });
    const result = worst(topology);
    expect(result.unreachable).toBe(0);
    expect(result.hops).toBeLessThanOrEqual(topology.maxHops);
  }, 60_000);

  it("keeps 32 routers together after any three of them fail", () => {
    const topology = meshOf(32, { connectivity: 4 });
    const result = worst(topology);
    expect(result.unreachable).toBe(0);
    expect(result.hops).toBeLessThanOrEqual(topology.maxHops);
  }, 60_000);

  it("breaks in the simulation when as many fail as it was not planned for", () => {
    const topology = meshOf(20, { connectivity: 2 });
    const uplinks = topology.interior[19]?.links.map((link) => link.at) ?? [];
    expect(uplinks).toHaveLength(2);
    expect(simulateFailures(topology, uplinks).unreachable).toContain(19);
  });

  it("changes no router that is there when routers are added", () => {
    const large = meshOf(64, { connectivity: 3 }).interior;
    for (const interior of [1, 3, 7, 8, 9, 30]) {
      expect(meshOf(interior, { connectivity: 3 }).interior).toEqual(large.slice(0, interior));
    }
  });

  it("links a router beyond the core to its own zone first, then to other zones", () => {
    const { interior } = meshOf(40, { connectivity: 3 });
    for (const node of interior.slice(8)) {
      const linked = node.links.map((link) => interior[link.at]?.zone);
      expect(linked[0]).toBe(node.zone);
      expect(new Set(linked).size).toBe(3);
      expect(node.links.map((link) => link.cost)).toEqual([1, 10, 10]);
    }
  });
});

describe("edge routers", () => {
  it("have k uplinks in different zones, the active one in their own", () => {
    const { interior, edges } = meshOf(6, { connectivity: 3, edgeCount: 300 });
    for (const edge of edges) {
      const linked = edge.uplinks.map((at) => interior[at]?.zone);
      expect(linked[0]).toBe(edge.zone);
      expect(new Set(linked).size).toBe(3);
    }
  });

  it("are shared out among the interior routers", () => {
    const { edges } = meshOf(6, { edgeCount: 3000 });
    const load = new Map<number, number>();
    for (const { uplinks } of edges) load.set(uplinks[0] ?? -1, (load.get(uplinks[0] ?? -1) ?? 0) + 1);
    expect(load.size).toBe(6);
    for (const count of load.values()) expect(Math.abs(count - 500)).toBeLessThan(75);
  });

  it("move only to the routers that are added, and only in proportion", () => {
    const [before, after] = [6, 9].map((interior) => meshOf(interior, { edgeCount: 3000 }).edges);
    const moved = (before ?? []).filter((edge, at) => edge.uplinks[0] !== after?.[at]?.uplinks[0]);
    expect(Math.abs(moved.length - 1000)).toBeLessThan(120);
    for (const [at, edge] of (after ?? []).entries()) {
      if (edge.uplinks[0] !== before?.[at]?.uplinks[0]) expect(edge.uplinks[0]).toBeGreaterThanOrEqual(6);
    }
  });

  it("stand in the zone of their rack where it has one", () => {
    const rack = { name: "rack-7", site: "here", count: 4, zone: "az-2" };
    expect(new Set(meshOf(6, { edges: [rack] }).edges.map((edge) => edge.zone))).toEqual(new Set(["az-2"]));
  });

  it("are planned by the ten thousand, with as many links as they have uplinks: bench/mesh.ts shows the time", () => {
    const linksOf = (count: number) =>
      meshOf(64, { connectivity: 3, edgeCount: count }).edges.reduce((sum, { uplinks }) => sum + uplinks.length, 0);
    expect(linksOf(1000)).toBe(3 * 1000);
    expect(linksOf(10_000)).toBe(3 * 10_000);
  });
});

describe("several sites", () => {
  const sites = (sizes: number[]) =>
    sizes.map((interior, index) => ({ name: `site-${index}`, zones: [`${index}-a`, `${index}-b`], interior }));

  it.each([[[3, 3]], [[1, 5]], [[2, 5]], [[2, 2, 2]], [[10, 12]], [[4, 1, 9]]])(
    "of %j routers stay together after any k − 1 failures, within the planned hops",
    (sizes) => {
      const topology = meshOf(0, { sites: sites(sizes), connectivity: 3 });
      const result = worst(topology);
      expect(result.unreachable).toBe(0);
      expect(result.hops).toBeLessThanOrEqual(topology.maxHops);
    },
  );

  it("of two times 64 routers, with edges in both, stay together after any failure", () => {
    const edges = ["site-0", "site-1"].map((site) => ({ name: `racks-of-${site}`, site, count: 100 }));
    const topology = meshOf(0, { sites: sites([64, 64]), edges, connectivity: 2 });
    const result = worst(topology);
    expect(result.unreachable).toBe(0);
    expect(result.hops).toBeLessThanOrEqual(topology.maxHops);
  }, 60_000);

  it("are planned with the connectivity that their smallest site with edges can give", () => {
    const edges = [{ name: "racks", site: "site-0", count: 3 }];
    const topology = meshOf(0, { sites: sites([2, 6]), edges, connectivity: 3 });
    expect(topology.connectivity).toBe(2);
    expect(worst(topology).unreachable).toBe(0);
  });

  it("cost more to cross than zones", () => {
    const { interior } = meshOf(0, { sites: sites([3, 3]), connectivity: 2 });
    const crossing = interior[3]?.links.find((link) => link.at < 3);
    expect(crossing?.cost).toBe(100);
  });

  it("hold 128 interior routers together at most", () => {
    expect(() => meshOf(0, { sites: sites([64, 64]) })).not.toThrow();
    expect(() => meshOf(0, { sites: sites([64, 64, 1]) })).toThrow(/129 interior routers.*Take edge routers/s);
  });
});

describe("a mesh of qpid-dispatch", () => {
  const qpid = (sizes: number[]) =>
    meshOf(0, {
      implementation: "qpid-dispatch",
      connectivity: 1,
      sites: sizes.map((interior, index) => ({ name: `site-${index}`, zones, interior })),
    });

  it.each([[[1]], [[5]], [[3, 4, 5]]])("of %j routers is a tree, so that a fan-out runs once", (sizes) => {
    const topology = qpid(sizes);
    expect(linksOf(topology)).toBe(topology.interior.length - 1);
    const result = simulateFailures(topology, []);
    expect(result.unreachable).toEqual([]);
    expect(result.hops).toBeLessThanOrEqual(topology.maxHops);
  });

  it("refuses redundant links, with the reason", () => {
    expect(() => meshOf(3, { implementation: "qpid-dispatch", connectivity: 2 })).toThrow(
      /more than once.*skupper-router/s,
    );
  });
});
