import { describe, expect, it } from "vitest";

import { type Accepted, asMode, type BrokerKind, planBackend } from "../../components/messaging/backend/matrix";
import { transportUrl } from "../../components/messaging/backend/transportUrl";
import { planBrokers } from "../../components/messaging/brokers/plan";
import { type Release, RELEASES } from "../../components/releases";

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

describe("the backend's drivers", () => {
  const drivers = (mode: string, release: Release, broker: BrokerKind = "rabbitmq", accept: Accepted[] = []) =>
    planBackend({ mode: asMode(mode), release, broker, accept });

  it("are RabbitMQ's for both in vanilla mode, at every release", () => {
    for (const release of RELEASES)
      expect(drivers("vanilla", release)).toEqual({ rpc: "rabbit", notifications: "rabbit" });
  });

  it("are AMQP 1.0 for RPC in hybrid mode, up to the last release that has it", () => {
    expect(drivers("hybrid", "2024.2")).toEqual({ rpc: "amqp", notifications: "rabbit" });
    expect(drivers("hybrid", "rocky", "kafka")).toEqual({ rpc: "amqp", notifications: "kafka" });
    expect(() => drivers("hybrid", "2025.1")).toThrow(
      /"hybrid".*2025.1 no longer has \(last in 2024.2, removed in oslo.messaging 15.0.0\).*Take "vanilla"/s,
    );
  });

  it("are never Kafka's for RPC: what to take instead depends on the release", () => {
    expect(() => drivers("vanilla", "2024.2", "kafka")).toThrow(/cannot carry RPC.*"hybrid".*"rabbitmq"/s);
    expect(() => drivers("vanilla", "2026.1", "kafka")).toThrow(/cannot carry RPC.*Take `broker.kind: "rabbitmq"`/s);
  });

  it("are ZeroMQ's for RPC in direct mode while a release has it, and only knowingly: it has no TLS", () => {
    expect(() => drivers("direct", "rocky")).toThrow(/in the clear.*plaintext-rpc/s);
    expect(drivers("direct", "rocky", "rabbitmq", ["plaintext-rpc"])).toEqual({ rpc: "zmq", notifications: "rabbit" });
    expect(() => drivers("direct", "stein", "rabbitmq", ["plaintext-rpc"])).toThrow(
      /last in rocky, removed in oslo.messaging 9.0.0.*Take "hybrid"/s,
    );
  });

  it("refuse Artemis for notifications that must not be lost, unless that is accepted", () => {
    expect(() => drivers("hybrid", "2024.1", "artemis")).toThrow(/loses notifications.*volatile-notifications/s);
    expect(drivers("vanilla", "2024.1", "artemis", ["volatile-notifications"])).toEqual({
      rpc: "amqp",
      notifications: "amqp",
    });
    expect(() => drivers("vanilla", "2025.2", "artemis", ["volatile-notifications"])).toThrow(/Take "rabbitmq"/);
  });

  it("come from a mode that is known", () => {
    expect(() => drivers("hybrdi", "2024.2")).toThrow(/one of vanilla, hybrid, direct, got "hybrdi"/);
  });
});

describe("transport URLs", () => {
  it("names every host with the user's login, escaped", () => {
    const url = transportUrl({
      driver: "rabbit",
      endpoints: ["10.0.0.1:5671", "10.0.0.2:5671"],
      user: "nova",
      password: "p/w",
      vhost: "openstack",
    });
    expect(url).toBe("rabbit://nova:p%2Fw@10.0.0.1:5671,nova:p%2Fw@10.0.0.2:5671/openstack");
  });
});
