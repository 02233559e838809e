import { describe, expect, it } from "vitest";

import { clusterNeeds, type ClusterShape } from "../../components/clusters/clusterNeeds";
import { MessagingBackend } from "../../components/messaging/backend/MessagingBackend";
import { balanceOf } from "../../stacks/cloud/balance";
import { checkNeeds, findingsOf } from "../../stacks/cloud/check";
import type { Inventory } from "../../stacks/cloud/inventory";
import { needsOf } from "../../stacks/cloud/needs";
import { parseConfig } from "../../stacks/config/parse";
import { planStack } from "../../stacks/plan";
import { formatPreflight, preflightOf } from "../../tools/preflight/report";
import { graphOf } from "../support/graph";

const shape: ClusterShape = { masters: 3, nodes: 4, masterFlavor: "big", flavor: "small" };
const amounts = (over: Partial<ClusterShape> = {}) => clusterNeeds({ ...shape, ...over }).amounts;

describe("what a cluster takes", () => {
  it("is a server and a port per master, worker, and member of every node group", () => {
    const { flavors, amounts: taken } = clusterNeeds({ ...shape, nodeGroups: [{ nodes: 2, flavor: "gpu" }] });
    expect(flavors).toEqual(["big", "big", "big", "small", "small", "small", "small", "gpu", "gpu"]);
    expect(taken).toMatchObject({ instances: 9, ports: 9, "server groups": 3, clusters: 1 });
  });

  it("counts two load balancers for masters, with a port each, and every master in both", () => {
    expect(amounts({ masterLoadBalancer: true })).toMatchObject({
      "load balancers": 2,
      ports: 9,
      "pool members": 6,
      "floating IPs": 0,
    });
  });

  it("counts floating IPs of all nodes, and of the API's load balancer", () => {
    expect(amounts({ floatingIps: true })["floating IPs"]).toBe(7);
    expect(amounts({ floatingIps: true, masterLoadBalancer: true })["floating IPs"]).toBe(8);
    const labels = { master_lb_floating_ip_enabled: "true" };
    expect(amounts({ masterLoadBalancer: true, labels })["floating IPs"]).toBe(1);
    expect(amounts({ labels })["floating IPs"]).toBe(0);
  });

  it("counts the network of its own, with the ports of the router and of DHCP", () => {
    expect(amounts({ ownNetwork: true })).toMatchObject({ networks: 1, subnets: 1, routers: 1, ports: 9 });
    expect(amounts()).toMatchObject({ networks: 0, subnets: 0, routers: 0, ports: 7 });
  });

  it("counts volumes for images, for etcd and for booting, and their sizes", () => {
    const labels = { etcd_volume_size: "20", boot_volume_size: "10" };
    expect(amounts({ dockerVolumeSize: 5, labels })).toMatchObject({
      volumes: 7 + 3 + 7,
      "volume GiB": 7 * 5 + 3 * 20 + 7 * 10,
    });
  });

  it("has one load balancer with one floating IP, and no addresses of nodes, with Cluster API", () => {
    expect(amounts({ maker: "capi", floatingIps: true, masterLoadBalancer: true, dockerVolumeSize: 5 })).toMatchObject({
      "load balancers": 1,
      "floating IPs": 1,
      volumes: 0,
    });
  });
});

const config = parseConfig(
  {
    cloud: { release: "2026.1", prefix: "prod" },
    network: { zones: ["az-1", "az-2"], cidr: "10.20.0.0/16", ipv6Cidr: "fd00:20::/48", adminCidrs: ["192.0.2.0/24"] },
    messaging: {
      mode: "hybrid",
      release: "2024.2",
      services: ["nova"],
      broker: { nodes: 3, flavor: "small", image: "debian-12", volumeSize: 10 },
      rpc: { interior: 2, flavor: "small", image: "debian-12" },
    },
    clusters: {
      external: "public",
      templates: { k8s: { image: "coreos", flavor: "small", floatingIps: true } },
      clusters: { trial: { template: "k8s", nodes: 2 } },
    },
  },
  { file: "test" },
);
const plan = planStack(config, "prod");
const needs = needsOf(config, plan);
const image = (name: string, over: object = {}) => ({ id: `${name}-id`, name, status: "active", ...over });
const cloud = (over: Partial<Inventory> = {}): Inventory => ({
  flavors: [{ id: "1", name: "small", vcpus: 2, ram: 1024 }],
  images: [image("debian-12"), image("coreos", { os_distro: "fedora-coreos" })],
  networks: [{ id: "public", name: "public", tags: [], "router:external": true }],
  zones: ["az-1", "az-2"],
  ...{ subnets: [], keyPairs: [], servers: [], volumes: [], clusters: [], ports: [] },
  ...{ securityGroups: [], serverGroups: [], missingServices: [], quotas: {} },
  ...over,
});
const needOf = (over: Partial<Inventory> = {}) =>
  Object.fromEntries(balanceOf(needs, cloud(over)).map(({ what, need }) => [what, need]));

describe("a stack's needs", () => {
  it("sum up the network, the messaging layer and the clusters", () => {
    expect(needOf()).toMatchObject({
      // 3 brokers, 2 routers, 1 master, 2 workers.
      instances: 8,
      cores: 16,
      "RAM (MiB)": 8192,
      // A port per server, one per subnet and version of the router's, one of DHCP.
      ports: 8 + 4 + 1,
      "floating IPs": 3,
      volumes: 3,
      "volume GiB": 30,
      clusters: 1,
    });
  });

  it("count the groups and rules of the messaging layer as the components make them", async () => {
    const zones = plan.zones.map((zone) => ({ ...zone, subnetId: zone.zone }));
    const { broker, rpc } = config.messaging ?? {};
    const graph = await graphOf(
      () =>
        new MessagingBackend("messaging", {
          ...{ prefix: "prod", mode: "hybrid", release: "2024.2", services: ["nova"], stack: "p/prod" },
          network: { networkId: "n", zones },
          adminCidrs: config.network?.adminCidrs,
          broker: { ...broker, kind: "rabbitmq", flavor: "small", imageId: "i" } as never,
          mesh: { ...rpc, flavor: "small", imageId: "i" } as never,
        }),
    );
    const count = (type: string) => graph.filter((resource) => resource.type === type).length;
    const groups = count("openstack:networking/secGroup:SecGroup");
    expect(needs.securityGroups).toHaveLength(groups);
    expect(needs.securityGroups.reduce((sum, { rules }) => sum + rules, 0)).toBe(
      count("openstack:networking/secGroupRule:SecGroupRule") + 2 * groups,
    );
    expect(needs.serverGroups).toHaveLength(count("openstack:compute/serverGroup:ServerGroup"));
  });

  it("do not count twice what the stack has already", () => {
    const there = cloud({
      networks: [
        { id: "public", name: "public", tags: [], "router:external": true },
        { id: "n", name: "prod-net", tags: [], "router:external": false },
      ],
      subnets: needs.subnetNames.map((name) => ({ id: name, name })),
      servers: needs.servers.map(({ name }) => ({ id: name, name, metadata: {} })),
      ports: needs.servers.map(({ name }) => name),
      volumes: needs.volumes.map(({ name }) => ({ name, metadata: {} })),
      securityGroups: needs.securityGroups.map(({ name }) => name),
      serverGroups: needs.serverGroups,
      clusters: [{ name: "prod-trial", node_count: 1, master_count: 1 }],
    });
    const need = balanceOf(needs, there).filter((row) => row.need > 0);
    // The cluster grows by one worker, with its port and its address.
    expect(need.map((row) => `${row.need} ${row.what}`)).toEqual([
      "1 instances",
      "2 cores",
      "1024 RAM (MiB)",
      "1 ports",
      "1 floating IPs",
    ]);
  });
});

describe("the comparison with the project", () => {
  it("says have, need and short by, and refuses the update for the same reason", () => {
    const short = cloud({ quotas: { "floating IPs": { limit: 5, used: 3 } } });
    const row = balanceOf(needs, short).find(({ what }) => what === "floating IPs");
    expect(row).toEqual({ what: "floating IPs", need: 3, limit: 5, used: 3, have: 2, shortBy: 1 });
    expect(() => checkNeeds(needs, short, "p/prod")).toThrow(/floating IPs: 3 more needed, 2 left.*short by 1/);
    const report = preflightOf(balanceOf(needs, short), []);
    expect(report.fits).toBe(false);
    expect(formatPreflight("prod", report)).toMatch(/does not fit: 1 quota\(s\) short/);
  });

  it("takes no limit for no limit, and says which quotas the cloud does not tell", () => {
    const open = cloud({ quotas: { clusters: { limit: -1, used: 9 } } });
    const report = preflightOf(balanceOf(needs, open), []);
    expect(report.fits).toBe(true);
    expect(report.notes).toEqual([expect.stringMatching(/does not tell its quotas of instances/)]);
    expect(report.notes[0]).not.toContain("clusters");
  });

  it("has more in use than the limit allows as nothing left, not less", () => {
    const over = cloud({ quotas: { clusters: { limit: 2, used: 5 } } });
    expect(balanceOf(needs, over).find(({ what }) => what === "clusters")).toMatchObject({ have: 0, shortBy: 1 });
  });

  it("finds node images without the property that Magnum goes by, or not ready", () => {
    const images = [image("debian-12"), image("coreos", { status: "queued" })];
    expect(findingsOf(needs, cloud({ images }), "p/prod")).toEqual([
      expect.stringMatching(/clusters.templates.k8s.image.*no property `os_distro`.*openstack image set/),
      expect.stringMatching(/is queued, not active/),
    ]);
  });

  it("finds a restricted application credential, which makes no trusts, and a cloud without Magnum", () => {
    const applicationCredential = { name: "ci", restricted: true, managesTrusts: true };
    expect(findingsOf(needs, cloud({ applicationCredential }), "p/prod")).toEqual([
      expect.stringMatching(/"ci" is restricted.*--unrestricted/),
    ]);
    const hardened = { name: "ci", restricted: false, managesTrusts: false };
    expect(findingsOf(needs, cloud({ applicationCredential: hardened }), "p/prod")).toEqual([
      expect.stringMatching(/no application credential manage trusts, "ci" neither.*Log in by a password/),
    ]);
    expect(findingsOf({ ...needs, clusters: [] }, cloud({ applicationCredential }), "p/prod")).toEqual([]);
    expect(findingsOf(needs, cloud({ missingServices: ["containerInfra", "loadBalancer"] }), "p/prod")).toEqual([
      expect.stringMatching(/no container-infra service/),
    ]);
  });
});
