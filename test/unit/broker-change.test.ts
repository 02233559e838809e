import { describe, expect, it } from "vitest";

import {
  brokerChangeFindings,
  brokerMetadata,
  type DeployedBroker,
  type WantedBrokers,
} from "../../components/messaging/brokers/change";
import { upgradeFinding } from "../../components/messaging/brokers/rabbitmq/upgrade";
import { parseRabbitmqVersion } from "../../components/messaging/brokers/rabbitmq/version";
import { checkNeeds } from "../../stacks/cloud/check";
import type { Inventory } from "../../stacks/cloud/inventory";
import type { CloudNeeds } from "../../stacks/cloud/needs";

const hostNames = (count: number) => Array.from({ length: count }, (_, index) => `prod-broker-0${index + 1}`);
const servers = (count: number, broker?: string): DeployedBroker[] =>
  hostNames(count).map((hostName) => ({ hostName, broker }));
const wanted = (count: number, image?: string, kind: WantedBrokers["kind"] = "rabbitmq"): WantedBrokers => ({
  kind,
  image,
  hostNames: hostNames(count),
});
const image = (tag: string) => `docker.io/library/rabbitmq:${tag}`;
const resize = (from: number, to: number) => brokerChangeFindings(servers(from, "rabbitmq 4.1.4"), wanted(to)).join();

describe("a change of the brokers' number", () => {
  it.each([
    [1, 3],
    [3, 5],
    [3, 7],
    [3, 3],
    [7, 5],
    [5, 3],
    // An update that was killed half-way is taken up again.
    [2, 3],
    [4, 3],
  ])("from %d to %d keeps a majority", (from, to) => {
    expect(resize(from, to)).toBe("");
  });

  it("is refused where no majority stays, with the steps that keep one", () => {
    expect(resize(7, 3)).toMatch(/of the 7 members .* 3 would stay, fewer than the 4 .* Take 5, then 3, and wait/);
    expect(resize(5, 1)).toMatch(/1 would stay, fewer than the 3 .* Take 3, .* Fewer than 3 cannot follow/);
    expect(resize(7, 1)).toMatch(/Take 5, then 3, .* Fewer than 3 cannot follow/);
    expect(resize(6, 3)).toMatch(/Take 5, then 3,/);
  });

  it("from 3 to 1 is refused: one is no majority of three", () => {
    expect(resize(3, 1)).toMatch(/Keep 3, or deploy a new cluster under another `cloud.prefix`/);
  });

  it("counts those that stay, not how many there are: other names are other members", () => {
    const other = { ...wanted(3), hostNames: ["new-broker-01", "new-broker-02", "new-broker-03"] };
    expect(brokerChangeFindings(servers(3), other).join()).toMatch(/0 would stay/);
  });
});

describe("a change of RabbitMQ's version", () => {
  const change = (from: string, to: string) =>
    brokerChangeFindings(servers(3, `rabbitmq ${from}`), wanted(3, image(to))).join();

  it.each([
    ["4.1.4", "4.1.8"],
    ["4.1.8", "4.1.4"],
    ["4.1.4", "4.2.9"],
    ["4.0.9", "4.2.9"],
    ["3.13.7", "4.2.0"],
    ["3.13.7", "4.0.1"],
    ["3.11.18", "3.12.0"],
    ["4.2.9", "4.3.5"],
    // A series that came after this table.
    ["4.3.5", "4.4.0"],
  ])("from %s to %s is an upgrade that RabbitMQ supports", (from, to) => {
    expect(change(from, to)).toBe("");
  });

  it.each([
    ["4.1.4", "4.3.5", "Take 4.2.x first, then 4.3.5"],
    ["3.13.7", "4.3.5", "Take 4.2.x first, then 4.3.5"],
    ["3.12.14", "4.1.4", "Take 3.13.x first, then 4.1.4"],
    ["3.10.8", "4.1.4", "Take 3.11.18 first, then 3.12.x first, then 3.13.x first, then 4.1.4"],
    ["3.11.5", "3.12.14", "Take 3.11.18 first, then 3.12.14"],
  ])("from %s to %s skips a version: %s", (from, to, steps) => {
    expect(change(from, to)).toContain(steps);
    expect(change(from, to)).toMatch(/prod-broker-01, prod-broker-02, prod-broker-03: RabbitMQ is not upgraded/);
  });

  it("never goes back to an older series", () => {
    expect(change("4.1.4", "4.0.9")).toMatch(/cannot go back from 4.1 to 4.0/);
    expect(change("4.0.1", "3.13.7")).toMatch(/cannot go back from 4.0 to 3.13/);
  });

  it("takes the default image's version where none is given", () => {
    expect(brokerChangeFindings(servers(3, "rabbitmq 3.12.14"), wanted(3)).join()).toMatch(
      /Take 3.13.x first, then 4.1/,
    );
  });

  it("mixes no third series into an update that is not through, but finishes or takes it up again", () => {
    const mixed = [...servers(1, "rabbitmq 4.1.4"), ...servers(3, "rabbitmq 4.0.9").slice(1)];
    expect(brokerChangeFindings(mixed, wanted(3, image("4.2.0"))).join()).toMatch(
      /an update from 4.0 to 4.1 is not through .* mix 3 series. Finish the update to 4.1.4 first/,
    );
    expect(brokerChangeFindings(mixed, wanted(3, image("4.1.4")))).toEqual([]);
  });

  it("says nothing of servers that do not say what they run", () => {
    expect(brokerChangeFindings(servers(3), wanted(3, image("4.3.5")))).toEqual([]);
  });

  it("has no known way over a series that never was", () => {
    const at = (text: string) => parseRabbitmqVersion(text, "x");
    expect(upgradeFinding(at("3.13.7"), at("3.14.0"))).toMatch(/no way from 3.13 to 3.14 is known/);
  });
});

describe("a change of the broker's kind", () => {
  it("is refused while brokers hold data, and nothing else is said then", () => {
    const findings = brokerChangeFindings(servers(5, "rabbitmq 4.1.4"), wanted(1, undefined, "kafka"));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatch(/prod-broker-01, .* run rabbitmq 4.1.4 and hold its data, "kafka" was asked for/);
  });

  it("keeps Kafka's members: it hands nothing over by itself", () => {
    const [finding] = brokerChangeFindings(servers(5, "kafka"), wanted(3, undefined, "kafka"));
    expect(finding).toMatch(/Kafka hands nothing over.*Keep 5/);
    expect(brokerChangeFindings(servers(3, "kafka"), wanted(5, undefined, "kafka"))).toEqual([]);
  });

  it("is known by what servers say of themselves", () => {
    expect(brokerMetadata("rabbitmq", image("4.0.9-management"))).toEqual({ "fabric-broker": "rabbitmq 4.0.9" });
    expect(brokerMetadata("rabbitmq")).toEqual({ "fabric-broker": "rabbitmq 4.1.4" });
    expect(brokerMetadata("rabbitmq", "3.10.8-1.1+deb12u1")).toEqual({ "fabric-broker": "rabbitmq 3.10.8" });
    expect(brokerMetadata("kafka", "docker.io/apache/kafka:4.1.1")).toEqual({ "fabric-broker": "kafka" });
  });
});

describe("the check of the cloud", () => {
  const none = new Map<string, string>();
  const needs: CloudNeeds = {
    ...{
      flavors: none,
      images: none,
      externalNetworks: none,
      networks: none,
      subnets: none,
      zones: none,
      keyPairs: none,
    },
    ...{ servers: [], volumes: [], clusters: [], subnetNames: [], securityGroups: [], serverGroups: [] },
    nodeImages: new Map(),
    brokers: wanted(1),
  };
  const cloud = (stack: string): Inventory => ({
    ...{
      flavors: [],
      images: [],
      networks: [],
      subnets: [],
      zones: [],
      keyPairs: [],
      volumes: [],
      clusters: [],
      ports: [],
      securityGroups: [],
      serverGroups: [],
      missingServices: [],
      quotas: {},
    },
    servers: hostNames(3).map((name) => ({
      id: name,
      name,
      metadata: { "fabric-stack": stack, "fabric-members": hostNames(3).join(), "fabric-broker": "rabbitmq 4.1.4" },
    })),
  });

  it("refuses a change of this stack's brokers that would lose their quorum", () => {
    expect(() => checkNeeds(needs, cloud("p/prod"), "p/prod")).toThrow(/1 would stay, fewer than the 2/);
  });

  it("leaves the brokers of other stacks alone", () => {
    expect(() => checkNeeds(needs, cloud("p/other"), "p/prod")).not.toThrow();
  });
});
