import { describe, expect, it } from "vitest";

import {
  clusterOfFloatingIp,
  clusterOfLoadBalancer,
  clusterOfSecurityGroup,
} from "../../components/clusters/orphanNames";
import { findOrphans, type ProjectListing } from "../../components/clusters/orphans";

const balancer = (id: string, name: string, description = "") => ({
  ...{ id, name, description, provisioning_status: "ACTIVE", vip_network_id: "net", vip_port_id: `${id}-port` },
});
const port = (id: string, balancerId: string, over: object = {}) => ({
  ...{ id, name: `octavia-lb-${balancerId}`, network_id: "net", device_owner: "Octavia" },
  ...{ device_id: `lb-${balancerId}`, security_groups: [], ...over },
});
const volume = (id: string, cluster: string, name = "pvc-1b4e28ba-2fa1-11ec-8d3d-0242ac130003") => ({
  ...{ id, name, size: 1, status: "available", attachments: [] },
  metadata: { "cinder.csi.openstack.org/cluster": cluster },
});
const nothing: ProjectListing = { loadBalancers: [], floatingIps: [], ports: [], securityGroups: [], volumes: [] };
const owner = { clusters: new Set(["u-1", "trial"]), networks: new Set(["net"]) };
const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);

describe("what the cloud provider made", () => {
  it("says its cluster in the description, and in the name: Kubernetes' names have no underscores", () => {
    expect(clusterOfLoadBalancer({ name: "kube_service_my_cluster_default_web" })).toBe("my_cluster");
    expect(
      clusterOfLoadBalancer({ name: "a123", description: "Kubernetes external service d/w from cluster u-1" }),
    ).toBe("u-1");
    expect(clusterOfLoadBalancer({ name: "kube_ingress_trial_default_web" })).toBe("trial");
    expect(
      clusterOfFloatingIp({ description: "Floating IP for Kubernetes ingress w in namespace d from cluster u-1" }),
    ).toBe("u-1");
    expect(
      clusterOfSecurityGroup({
        name: "lb-sg-x",
        description: "Security Group for d/w Service LoadBalancer in cluster u-1",
      }),
    ).toBe("u-1");
  });

  it("is not guessed from what a user named or described, nor from a name that was cut", () => {
    expect(
      clusterOfLoadBalancer({ name: "web", description: "about Kubernetes external service d/w from cluster u-1" }),
    ).toBe(undefined);
    expect(clusterOfLoadBalancer({ name: `kube_service_${"x".repeat(300)}_d_w`.slice(0, 255) })).toBe(undefined);
    expect(clusterOfFloatingIp({ description: "" })).toBe(undefined);
  });
});

describe("the remains of a stack's clusters", () => {
  it("are told from those of clusters whose names only begin alike", () => {
    const loadBalancers = [balancer("a", "kube_service_trial_d_w"), balancer("b", "kube_service_trial-2_d_w")];
    const floatingIps = ["u-1", "u-12"].map((cluster) => ({
      id: cluster,
      floating_ip_address: "192.0.2.1",
      description: `Floating IP for Kubernetes external service d/w from cluster ${cluster}`,
    }));
    const orphans = findOrphans({ ...nothing, loadBalancers, floatingIps }, owner);
    expect(idsOf(orphans.loadBalancers)).toEqual(["a"]);
    expect(idsOf(orphans.floatingIps)).toEqual(["u-1"]);
    expect(orphans.inTheWay).toEqual([
      expect.stringMatching(/"trial-2", which is none of this stack's.*--cluster trial-2/),
    ]);
  });

  it("believe the description where name and description differ", () => {
    const other = balancer("a", "kube_service_trial_d_w", "Kubernetes external service d/w from cluster elsewhere");
    expect(findOrphans({ ...nothing, loadBalancers: [other] }, owner).loadBalancers).toEqual([]);
  });

  it("have the VIP's port of a load balancer that goes, or is gone; not of one that lives", () => {
    const project = {
      ...nothing,
      loadBalancers: [balancer("going", "kube_service_trial_d_w"), balancer("foreign", "web")],
      ports: [
        port("1", "going", { network_id: "other" }),
        port("2", "gone"),
        port("3", "foreign"),
        port("4", "gone", { network_id: "other" }),
        port("5", "gone", { device_owner: "compute:nova" }),
      ],
    };
    const orphans = findOrphans(project, owner);
    expect(idsOf(orphans.ports)).toEqual(["1", "2"]);
    expect(orphans.inTheWay).toEqual([expect.stringMatching(/load balancer web \(foreign\): no cluster's/)]);
  });

  it("leave an address alone that a user gave to a service", () => {
    const project = {
      ...nothing,
      loadBalancers: [balancer("a", "kube_service_trial_d_w")],
      ports: [port("a-port", "a")],
      floatingIps: [{ id: "f", floating_ip_address: "192.0.2.9", description: "ours, paid for", port_id: "a-port" }],
    };
    const orphans = findOrphans(project, owner);
    expect(orphans.floatingIps).toEqual([]);
    expect(orphans.inTheWay).toEqual([expect.stringMatching(/floating IP 192.0.2.9.*it stays/)]);
  });

  it("keep volumes apart by whether their cluster can be told", () => {
    const volumes = [
      volume("1", "trial"),
      volume("2", "kubernetes"),
      volume("3", "kubernetes", "mine"),
      volume("4", "x"),
    ];
    const orphans = findOrphans({ ...nothing, volumes }, owner);
    expect(idsOf(orphans.volumes)).toEqual(["1"]);
    expect(idsOf(orphans.uncertainVolumes)).toEqual(["2"]);
  });
});
