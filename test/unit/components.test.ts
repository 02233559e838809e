import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import { KubernetesClient } from "../../components/clusters/client/KubernetesClient";
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

  it("merges a cluster's labels with its template's, and makes its node groups one after the other", async () => {
    const graph = await graphOf(() => {
      const args = { prefix: "prod", key: "c", templateId: "t", nodes: 2, masters: 1, masterLoadBalancer: false };
      const nodeGroups = { gpu: { nodes: 1, flavor: "g1" }, big: { nodes: 2, minNodes: 1, maxNodes: 4 } };
      new Cluster("cluster-c", { ...args, labels: { a: "1" }, nodeGroups });
    });
    const made = (name: string) => graph.find((node) => node.name === name && node.type.startsWith("openstack:"));
    expect(made("cluster-c")?.inputs).toMatchObject({ mergeLabels: true, name: "prod-c" });
    expect(made("cluster-c-big")?.inputs).toMatchObject({
      name: "big",
      nodeCount: 2,
      minNodeCount: 1,
      maxNodeCount: 4,
    });
    expect(made("cluster-c-gpu")?.inputs).toMatchObject({ name: "gpu", flavorId: "g1" });
  });

  it("makes a new cluster beside the old one for another generation", async () => {
    const graph = await graphOf(() => {
      const args = { prefix: "prod", key: "c", templateId: "t", nodes: 2, masters: 1, masterLoadBalancer: false };
      new Cluster("cluster-c", { ...args, generation: 2 });
    });
    expect(graph.find(({ name }) => name === "cluster-c-g2")?.inputs).toMatchObject({ name: "prod-c-g2" });
  });

  it("keeps a kubeconfig and its key secret, and lists no Kubernetes provider that nobody asked for", async () => {
    let config: pulumi.Output<string> | undefined;
    const graph = await graphOf(() => {
      const client = { clusterName: "prod-c", clusterId: "id", apiAddress: "https://10.0.0.1:6443", user: "admin" };
      config = new KubernetesClient("client-c", client).kubeconfig;
    });
    expect(config && (await pulumi.isSecret(config))).toBe(true);
    expect(graph.filter(({ type }) => type.startsWith("pulumi:providers:"))).toEqual([]);
    expect(graph.find(({ name }) => name === "client-c-request")?.inputs).toMatchObject({
      subject: { commonName: "admin", organization: "system:masters" },
    });
  });
});
