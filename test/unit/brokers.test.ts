import { createPrivateKey, generateKeyPairSync } from "node:crypto";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { renderBrokerXml } from "../../components/messaging/brokers/artemis/brokerXml";
import { artemisPasswordHash } from "../../components/messaging/brokers/artemis/users";
import { BrokerCluster } from "../../components/messaging/brokers/BrokerCluster";
import { toPkcs8 } from "../../components/messaging/brokers/javaTls";
import { clusterId, KAFKA_DIR, renderServerProperties } from "../../components/messaging/brokers/kafka/config";
import { BROKERS } from "../../components/messaging/brokers/kinds";
import { planBrokers } from "../../components/messaging/brokers/plan";
import { graphOf } from "../support/graph";

const zones = [
  { zone: "az-1", cidr: "10.20.0.0/19", subnetId: "subnet-1" },
  { zone: "az-2", cidr: "10.20.32.0/19", subnetId: "subnet-2" },
];
const users = [
  { name: "nova", password: "hunter2" },
  { name: "cinder", password: "hunter3" },
];
const tls = { caPem: "CA-PEM\n", certPem: "CERT-PEM\n", keyPem: "KEY-PEM\n" };

const kinds = ["artemis", "kafka"] as const;
type Kind = (typeof kinds)[number];

interface CloudConfig {
  write_files: { path: string; content: string; permissions: string }[];
}

/** The user data of the n-th of some members. */
function userData(kind: Kind, nodes: number, at: number, more: object = {}): string {
  const plan = planBrokers("prod", nodes, zones);
  const member = plan.members[at];
  if (member === undefined) throw new Error("no such member");
  const input = { plan, member, image: "image:1", tls, secret: "CLUSTER-SECRET", vhost: "openstack", users };
  return BROKERS[kind].userData({ ...input, ...more });
}
const files = (text: string) => (parse(text) as CloudConfig).write_files;
const graph = (kind: Kind, look: (cluster: BrokerCluster) => void = () => undefined) =>
  graphOf(() =>
    look(
      new BrokerCluster("brokers", {
        kind,
        nodes: 3,
        volumeSize: 10,
        vhost: "openstack",
        users: { nova: "hunter2" },
        authority: { caPem: "CA-PEM", caKeyPem: "CA-KEY" },
        prefix: "prod",
        network: { networkId: "net-id", zones },
        flavor: "m1",
        imageId: "debian-12",
        clientGroupId: "clients",
        stack: "p/test",
      }),
    ),
  );

describe.each(kinds)("a cluster of %s", (kind) => {
  it("has stable names", async () => {
    expect((await graph(kind)).map(({ type, name }) => `${type} ${name}`)).toMatchSnapshot();
  });

  it("lets clients in at its own port only, and members at theirs", async () => {
    const rules = (await graph(kind)).filter(({ type }) => type === "openstack:networking/secGroupRule:SecGroupRule");
    const ports = rules.map(({ inputs }) => [inputs["remoteGroupId"] === "clients", inputs["portRangeMin"]]);
    const { clients, selfPorts } = BROKERS[kind];
    expect(ports).toHaveLength(1 + selfPorts.length);
    expect(ports).toContainEqual([true, clients.port]);
    for (const port of selfPorts) expect(ports).toContainEqual([false, port]);
  });

  it("grows from three members on without a change to those that are there", () => {
    for (const at of [0, 1, 2]) {
      expect(userData(kind, 5, at)).toBe(userData(kind, 3, at));
      expect(userData(kind, 7, at)).toBe(userData(kind, 3, at));
    }
  });

  it("renders the same text twice, in whatever order its users come", () => {
    expect(userData(kind, 3, 0, { users: [...users] })).toBe(userData(kind, 3, 0));
  });

  it("lets only the broker read keys, passwords and what they are made from", () => {
    for (const { path, content, permissions } of files(userData(kind, 3, 0))) {
      if (/KEY-PEM|CLUSTER-SECRET|hunter|ENC\(/.test(content)) expect([path, permissions]).toEqual([path, "0400"]);
    }
  });

  it("fits into what Nova takes as user data (64 KiB of base64)", () => {
    const many = Array.from({ length: 30 }, (_, n) => ({ name: `service-${n}`, password: "x".repeat(32) }));
    expect(Buffer.from(userData(kind, 7, 0, { users: many })).toString("base64").length).toBeLessThan(65_535);
  });
});

describe("the endpoints of brokers", () => {
  const endpoints = async (kind: Kind) => {
    let all: Promise<string[]> | undefined;
    await graph(kind, (cluster) => {
      all = new Promise((resolve) => void cluster.endpoints.apply(resolve));
    });
    return all;
  };

  it("are names where clients check names only, and addresses elsewhere", async () => {
    expect((await endpoints("artemis"))?.[0]).toBe("prod-broker-01:5671");
    expect((await endpoints("kafka"))?.[0]).toBe("10.0.0.9:9093");
  });
});

describe("Artemis' configuration", () => {
  const plan = planBrokers("prod", 3, zones);
  const [member] = plan.members;
  if (member === undefined) throw new Error("no member");

  it("opens no acceptor without TLS, and asks members for a certificate", () => {
    const xml = renderBrokerXml(plan, member, "secret");
    const acceptors = [...xml.matchAll(/<acceptor name="(\w+)">([^<]+)</g)];
    expect(acceptors.map(([, name]) => name)).toEqual(["amqps", "members"]);
    for (const [, , url] of acceptors) expect(url).toContain("sslEnabled=true");
    expect(acceptors[1]?.[2]).toContain("needClientAuth=true");
  });

  it("carries a cluster password with any character in it", () => {
    expect(renderBrokerXml(plan, member, "<&>]]>")).toContain(
      "<cluster-password>&lt;&amp;&gt;]]&gt;</cluster-password>",
    );
  });

  it("has passwords as salted hashes only, with another salt for everyone", () => {
    const hashes = users.map((user) => artemisPasswordHash({ ...user, password: "same" }, "secret"));
    expect(new Set(hashes.map((hash) => hash.split(":")[1])).size).toBe(2);
    expect(hashes[0]).toMatch(/^ENC\(1024:[0-9A-F]{64}:[0-9A-F]{128}\)$/);
    expect(userData("artemis", 3, 0)).not.toContain("hunter2");
  });
});

describe("Kafka's configuration", () => {
  const properties = (nodes: number) => {
    const plan = planBrokers("prod", nodes, zones);
    const [member] = plan.members;
    if (member === undefined) throw new Error("no member");
    return renderServerProperties(plan, member);
  };

  it("has no listener without TLS, and three copies of which two must have a message", () => {
    expect(properties(3)).toContain("listener.security.protocol.map=CLIENTS:SASL_SSL,MEMBERS:SSL,CONTROLLER:SSL\n");
    expect(properties(3)).toMatch(/\ndefault\.replication\.factor=3\nmin\.insync\.replicas=2\n/);
    expect(properties(1)).toMatch(/\ndefault\.replication\.factor=1\nmin\.insync\.replicas=1\n/);
  });

  it("lets the first member alone found the cluster and know the passwords", () => {
    const starts = [0, 1, 2].map((at) =>
      files(userData("kafka", 3, at)).find((f) => f.path === `${KAFKA_DIR}/start.sh`),
    );
    expect(starts.map((start) => start?.content.includes("--standalone"))).toEqual([true, false, false]);
    expect([0, 1, 2].map((at) => userData("kafka", 3, at).includes("hunter2"))).toEqual([true, false, false]);
  });

  it("derives a cluster id that Kafka and its command line take", () => {
    const ids = Array.from({ length: 200 }, (_, n) => clusterId(`secret-${n}`));
    for (const id of ids) expect(id).toMatch(/^[A-Za-f][\w-]{21}$/);
    expect(new Set(ids).size).toBe(200);
    expect(clusterId("secret-1")).toBe(ids[1]);
  });
});

describe("a Java broker's key", () => {
  it("is written as PKCS #8, whatever the `tls` provider wrote", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const sec1 = privateKey.export({ type: "sec1", format: "pem" }) as string;
    expect(toPkcs8(sec1)).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(createPrivateKey(toPkcs8(sec1)).equals(privateKey)).toBe(true);
    expect(toPkcs8(toPkcs8(sec1))).toBe(toPkcs8(sec1));
  });
});
