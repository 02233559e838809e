import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import { Cluster } from "../../components/clusters/Cluster";
import { ClusterTemplate } from "../../components/clusters/ClusterTemplate";
import { MessagingBackend } from "../../components/messaging/backend/MessagingBackend";
import { Network } from "../../components/network/Network";
import { SecurityGroup } from "../../components/network/SecurityGroup";
import { graphOf } from "../support/graph";

const network = {
  networkId: "net-id",
  zones: [
    { zone: "az-1", cidr: "10.20.0.0/19", subnetId: "subnet-1" },
    { zone: "az-2", cidr: "10.20.32.0/19", subnetId: "subnet-2" },
  ],
};
const backend = (over: object = {}) => ({
  prefix: "prod",
  network,
  mode: "hybrid",
  release: "2024.2",
  services: ["nova"],
  broker: {
    kind: "rabbitmq" as const,
    nodes: 3,
    flavor: "m1",
    imageId: "debian-12",
    containerImage: "rabbitmq:4",
    volumeSize: 10,
  },
  mesh: { interior: 2, flavor: "m1", imageId: "debian-12", containerImage: "skupper-router:3" },
  stack: "p/test",
  ...over,
});
const namesOf = (graph: readonly { type: string; name: string }[]) => graph.map(({ type, name }) => `${type} ${name}`);

describe("the network component", () => {
  it("has stable names, a subnet and an interface per zone and version", async () => {
    const graph = await graphOf(
      () =>
        new Network("network", {
          prefix: "prod",
          zones: ["az-1", "az-2"],
          cidr: "10.20.0.0/16",
          ipv6Cidr: "fd00:20::/48",
          externalNetworkId: "ext",
          stack: "p/test",
        }),
    );
    expect(namesOf(graph)).toMatchSnapshot();
  });
});

describe("a security group", () => {
  it("opens ports to peers only: a rule without a peer is refused", async () => {
    const open = graphOf(
      () =>
        new SecurityGroup("g", {
          groupName: "g",
          description: "",
          ingress: [{ key: "all", port: 22 }],
          stack: "p/test",
        }),
    );
    await expect(open).rejects.toThrow(/`all`.*fromGroupId.*fromCidr/);
  });
});

describe("the messaging backend", () => {
  it("has stable names: servers by their place, users by their service", async () => {
    expect(namesOf(await graphOf(() => new MessagingBackend("messaging", backend())))).toMatchSnapshot();
  });

  it("adds only the new router when the mesh grows", async () => {
    const before = await graphOf(() => new MessagingBackend("messaging", backend()));
    const after = await graphOf(
      () => new MessagingBackend("messaging", backend({ mesh: { ...backend().mesh, interior: 3 } })),
    );
    const unchanged = new Set(before.map((resource) => JSON.stringify(resource)));
    const changed = after.filter((resource) => !unchanged.has(JSON.stringify(resource)));
    expect(changed.map((resource) => resource.name).every((name) => name.startsWith("messaging-router-03"))).toBe(true);
    expect(after.length).toBeGreaterThan(before.length);
  });

  it("opens no port to the world", async () => {
    const graph = await graphOf(() => new MessagingBackend("messaging", backend()));
    const rules = graph.filter(({ type }) => type === "openstack:networking/secGroupRule:SecGroupRule");
    expect(rules.length).toBeGreaterThan(4);
    for (const { name, inputs } of rules) {
      expect(inputs["remoteGroupId"] ?? inputs["remoteIpPrefix"], name).toBeDefined();
      expect(["0.0.0.0/0", "::/0"]).not.toContain(inputs["remoteIpPrefix"]);
    }
  });

  it("gives transport URLs and user data as secrets only", async () => {
    let urls: pulumi.Output<unknown> | undefined;
    const graph = await graphOf(() => {
      urls = new MessagingBackend("messaging", backend()).rpcTransportUrls;
    });
    expect(urls && (await pulumi.isSecret(urls))).toBe(true);
    const servers = graph.filter(({ type }) => type === "openstack:compute/instance:Instance");
    expect(servers).toHaveLength(5);
    for (const server of servers) {
      expect(server.inputs["userData"], server.name).toMatchObject({
        "4dabf18193072939515e22adb298388d": expect.anything() as unknown,
      });
    }
  });

  it("refuses hybrid for a release without the AMQP 1.0 driver", async () => {
    await expect(graphOf(() => new MessagingBackend("messaging", backend({ release: "2026.1" })))).rejects.toThrow(
      /AMQP 1.0 driver/,
    );
  });
});

describe("cluster templates and clusters", () => {
  const template =
    (over: object = {}) =>
    () =>
      new ClusterTemplate("template-small", {
        prefix: "prod",
        key: "small",
        release: "2024.2",
        engine: "kubernetes",
        image: "fcos",
        flavor: "m1",
        externalNetworkId: "ext",
        ...over,
      });
  const nameOf = async (over: object = {}) => {
    const graph = await graphOf(template(over));
    return graph.find(({ type }) => type.startsWith("openstack:"))?.name;
  };

  it("names a template by its content, so that a changed one is created beside the old one", async () => {
    expect(await nameOf()).toBe(await nameOf());
    expect(await nameOf({ flavor: "m2" })).not.toBe(await nameOf());
    const labels = { etcd_volume_size: "1", kube_tag: "v1.28.9" };
    expect(await nameOf({ labels })).toBe(await nameOf({ labels: { kube_tag: "v1.28.9", etcd_volume_size: "1" } }));
  });

  it("refuses an engine that the release lost, and says which release still had it", async () => {
    await expect(graphOf(template({ engine: "swarm" }))).rejects.toThrow(/last release that had it is 2023.2/);
  });

  it("merges a cluster's labels with its template's, and keeps the kubeconfig secret", async () => {
    let config: pulumi.Output<string> | undefined;
    const graph = await graphOf(() => {
      const args = { prefix: "prod", key: "c", templateId: "t", nodes: 2, masters: 1, masterLoadBalancer: false };
      config = new Cluster("cluster-c", { ...args, labels: { a: "1" } }).kubeconfig;
    });
    expect(graph.find(({ name, type }) => name === "cluster-c" && type.startsWith("openstack:"))?.inputs).toMatchObject(
      { mergeLabels: true },
    );
    expect(config && (await pulumi.isSecret(config))).toBe(true);
  });
});
