import { describe, expect, it } from "vitest";

import { checkMode } from "../../components/messaging/backend/modes";
import { transportUrl } from "../../components/messaging/backend/transportUrl";
import { planBrokers } from "../../components/messaging/brokers/plan";
import { planMesh } from "../../components/messaging/mesh/plan";

const zones = [
  { zone: "az-1", cidr: "10.20.0.0/19" },
  { zone: "az-2", cidr: "10.20.32.0/19" },
  { zone: "az-3", cidr: "10.20.64.0/19" },
];

describe("the broker plan", () => {
  it("spreads members over the zones in turn, with planned addresses", () => {
    expect(planBrokers("prod", 3, zones).members).toEqual([
      { key: "01", hostName: "prod-broker-01", zone: "az-1", address: "10.20.0.10" },
      { key: "02", hostName: "prod-broker-02", zone: "az-2", address: "10.20.32.10" },
      { key: "03", hostName: "prod-broker-03", zone: "az-3", address: "10.20.64.10" },
    ]);
  });

  it("tells every member the names of all that can ever be, so that growing changes no server", () => {
    expect(planBrokers("prod", 3, zones).hosts).toEqual(planBrokers("prod", 7, zones).hosts);
    expect(planBrokers("prod", 3, zones).members).toEqual(planBrokers("prod", 5, zones).members.slice(0, 3));
  });

  it.each([0, 2, 4, 8, 9, 1.5])("refuses %d members", (count) => {
    expect(() => planBrokers("prod", count, zones)).toThrow(/`messaging.broker.nodes` must be 1, 3, 5 or 7/);
  });
});

describe("the mesh plan", () => {
  it("links every pair of routers exactly once", () => {
    const { routers } = planMesh("prod", 8, zones);
    const pairs = routers.flatMap((router) => router.links.map((link) => [router.key, link.to].sort().join("-")));
    expect(new Set(pairs).size).toBe(28);
    expect(pairs).toHaveLength(28);
  });

  it("prefers links within a zone", () => {
    const { routers } = planMesh("prod", 4, zones);
    expect(routers[3]?.links.map((link) => [link.to, link.cost])).toEqual([
      ["01", 1],
      ["02", 10],
      ["03", 10],
    ]);
  });

  it("changes no router that is there when two are added", () => {
    expect(planMesh("prod", 5, zones).routers.slice(0, 3)).toEqual(planMesh("prod", 3, zones).routers);
  });

  it("never gives two servers one address", () => {
    const { routers } = planMesh("prod", 64, zones);
    const all = [...planBrokers("prod", 7, zones).hosts, ...routers].map((host) => host.address);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each([0, 65])("refuses %d interior routers", (count) => {
    expect(() => planMesh("prod", count, zones)).toThrow(/must be 1 to 64/);
  });
});

describe("the messaging mode", () => {
  it("allows hybrid up to the last release with the AMQP 1.0 driver, and says what to take after it", () => {
    expect(() => checkMode("hybrid", "2024.2")).not.toThrow();
    expect(() => checkMode("hybrid", "2025.1")).toThrow(/removed in oslo.messaging 15.0.0.*Take "vanilla"/s);
    expect(() => checkMode("vanilla", "2026.1")).not.toThrow();
  });
});

describe("transport URLs", () => {
  it("names every host with the user's login, escaped", () => {
    const url = transportUrl({
      driver: "rabbit",
      hosts: ["10.0.0.1", "10.0.0.2"],
      user: "nova",
      password: "p/w",
      vhost: "openstack",
    });
    expect(url).toBe("rabbit://nova:p%2Fw@10.0.0.1:5671,nova:p%2Fw@10.0.0.2:5671/openstack");
  });
});
