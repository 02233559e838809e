import { describe, expect, it } from "vitest";

import { planBrokers } from "../../components/messaging/brokers/plan";
import { renderEnabledPlugins, renderRabbitmqConf } from "../../components/messaging/brokers/rabbitmq/config";
import { renderDefinitions } from "../../components/messaging/brokers/rabbitmq/definitions";
import {
  compareVersions,
  findRabbitmqVersion,
  isAtLeast,
  parseRabbitmqVersion,
} from "../../components/messaging/brokers/rabbitmq/version";

const zones = [{ zone: "az-1", cidr: "10.20.0.0/19" }];
const version = (text: string) => parseRabbitmqVersion(text, "messaging.broker.containerImage");
const confOf = (text: string, nodes = 3) => renderRabbitmqConf(planBrokers("prod", nodes, zones), version(text));
const keysOf = (text: string) =>
  confOf(text)
    .trim()
    .split("\n")
    .map((line) => line.split(" = ")[0]);

describe("RabbitMQ's version", () => {
  it.each([
    ["docker.io/library/rabbitmq:4.1.4", { major: 4, minor: 1, patch: 4 }],
    ["registry.example.org:5000/mirror/rabbitmq:4.1.4-management-alpine", { major: 4, minor: 1, patch: 4 }],
    ["rabbitmq:4.1", { major: 4, minor: 1 }],
    ["rabbitmq:4.1.4@sha256:" + "a".repeat(64), { major: 4, minor: 1, patch: 4 }],
    ["3.10.8-1.1+deb12u1", { major: 3, minor: 10, patch: 8 }],
  ])("is read from %s", (text, expected) => {
    expect(findRabbitmqVersion(text)).toEqual(expected);
  });

  it.each(["rabbitmq:4", "rabbitmq:latest", "rabbitmq@sha256:" + "1".repeat(64), "10.0.0.1:5000/rabbitmq"])(
    "is asked for where %s does not say it",
    (text) => {
      expect(() => version(text)).toThrow(/`messaging.broker.containerImage` must say which RabbitMQ it is/);
    },
  );

  it("is refused where it is older than all that are known", () => {
    expect(() => version("rabbitmq:3.9.29")).toThrow(/must be RabbitMQ 3.10 or later, got 3.9.29/);
  });

  it("is ordered by its numbers, not by its letters", () => {
    expect(compareVersions(version("3.13.7"), version("4.0"))).toBeLessThan(0);
    expect(compareVersions(version("3.10.8"), version("3.12.0"))).toBeLessThan(0);
    expect(isAtLeast(version("3.12.14"), "3.12.14")).toBe(true);
    expect(isAtLeast(version("3.12.2"), "3.12.14")).toBe(false);
  });
});

describe("rabbitmq.conf", () => {
  it("is the same text after the cluster has grown, so that no server is replaced", () => {
    expect(confOf("4.1.4", 5)).toBe(confOf("4.1.4", 3));
  });

  it("has the first member look for all that can ever be, and the others for the first", () => {
    const sought = (hostName: string) =>
      renderRabbitmqConf(planBrokers("prod", 3, zones), undefined, hostName).match(
        /(?<=nodes\.\d = rabbit@prod-broker-)\d+/g,
      );
    expect(sought("prod-broker-01")).toEqual(["01", "02", "03", "04", "05", "06", "07"]);
    expect(sought("prod-broker-02")).toEqual(["01"]);
  });

  it("has no key twice, at any version", () => {
    for (const text of ["3.10.8", "3.12.14", "3.13.0", "3.13.7", "4.0.9", "4.1.4", "4.2.0", "4.3.5"]) {
      expect(new Set(keysOf(text)).size).toBe(keysOf(text).length);
    }
  });

  it("names the default queue type only where the file knows it", () => {
    const having = ["3.10.8", "3.11.28", "3.12.13", "3.12.14", "3.13.2", "3.13.3", "4.0.1", "4.3.5"].filter((text) =>
      keysOf(text).includes("default_queue_type"),
    );
    expect(having).toEqual(["3.12.14", "3.13.3", "4.0.1", "4.3.5"]);
  });

  it("leaves out what a version has not yet, or no longer", () => {
    expect(keysOf("3.10.8")).not.toContain("anonymous_login_user");
    expect(keysOf("3.13.7")).not.toContain("deprecated_features.permit.transient_nonexcl_queues");
    expect(keysOf("4.0.9")).not.toContain("quorum_queue.initial_cluster_size");
    expect(confOf("4.1.4")).toContain("quorum_queue.initial_cluster_size = 3\n");
    expect(confOf("4.2.0")).toContain("cluster_partition_handling = pause_minority\n");
    expect(keysOf("4.3.0")).not.toContain("cluster_partition_handling");
  });

  it("lets nobody in without a password", () => {
    expect(confOf("4.1.4")).toContain("anonymous_login_user = none\n");
    expect(confOf("4.1.4")).toContain("auth_mechanisms.1 = PLAIN\nauth_mechanisms.2 = AMQPLAIN\n");
  });

  it("offers AMQP 1.0 by a plugin before 4.0, which speaks it by itself", () => {
    expect(renderEnabledPlugins(version("3.10.8"), { amqp10: true })).toContain("rabbitmq_amqp1_0");
    expect(renderEnabledPlugins(version("4.1.4"), { amqp10: true })).not.toContain("rabbitmq_amqp1_0");
    expect(renderEnabledPlugins(version("3.10.8"))).not.toContain("rabbitmq_amqp1_0");
  });
});

describe("definitions", () => {
  type Rows = Record<string, string>[];
  const definitions = (text: string, users: Parameters<typeof renderDefinitions>[1]) =>
    JSON.parse(renderDefinitions("openstack", users, version(text))) as Record<
      "vhosts" | "permissions" | "policies",
      Rows
    >;

  it("give a service its virtual host without the broker's own exchanges", () => {
    const [access] = definitions("4.1.4", [{ name: "nova", password: "x" }]).permissions;
    const may = (what: "configure" | "write" | "read", name: string) =>
      // Erlang's expressions are Perl's, as far as these go.
      new RegExp(access?.[what] ?? "").test(name);
    for (const name of ["nova", "conductor", "reply_1f", "notifications.info", "amqpfoo"]) {
      expect([may("configure", name), may("write", name), may("read", name)]).toEqual([true, true, true]);
    }
    expect(may("write", "amq.default")).toBe(true);
    for (const name of ["amq.rabbitmq.trace", "amq.topic", "amq.default2"]) {
      expect([may("configure", name), may("write", name), may("read", name)]).toEqual([false, false, false]);
    }
  });

  it("give a user other virtual hosts, or none, where that is said", () => {
    const { vhosts, permissions } = definitions("4.1.4", [
      { name: "nova", password: "x", vhosts: ["nova"] },
      { name: "watcher", password: "y", vhosts: [], tags: ["monitoring"] },
    ]);
    expect(vhosts.map(({ name }) => name)).toEqual(["nova", "openstack"]);
    expect(permissions.map(({ user, vhost }) => [user, vhost])).toEqual([["nova", "nova"]]);
  });

  it("keep notifications that were returned often, where the version would drop them", () => {
    expect(definitions("4.0.1", []).policies).toMatchObject([
      { vhost: "openstack", "apply-to": "queues", definition: { "delivery-limit": -1 } },
    ]);
    expect(definitions("3.13.7", []).policies).toEqual([]);
  });
});
