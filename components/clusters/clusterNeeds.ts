import { type Amounts, DEFAULT_EGRESS_RULES } from "../tenancy/quotas";

/** Who makes the nodes: Magnum's Heat template, or Cluster API. */
export type NodeMaker = "heat" | "capi";

/** A cluster as far as its quotas depend on it. */
export interface ClusterShape {
  /** Default `heat`. */
  maker?: NodeMaker;
  masters: number;
  /** Workers of the default group. */
  nodes: number;
  masterFlavor: string;
  flavor: string;
  /** Further groups of workers. Default: none. */
  nodeGroups?: readonly { nodes: number; flavor: string }[];
  /** A floating IP for every node. Default false. */
  floatingIps?: boolean;
  masterLoadBalancer?: boolean;
  /** Whether the cluster gets a network of its own. Default false. */
  ownNetwork?: boolean;
  /** Volume for container images in GiB, per node. Default 0: none. */
  dockerVolumeSize?: number;
  /** Labels, merged from the template's and the cluster's; sizes of volumes stand here. */
  labels?: Readonly<Record<string, string>>;
}

/** What a cluster takes: a flavor per server, and amounts of everything that does not depend on flavors. */
export interface ClusterNeeds {
  flavors: string[];
  amounts: Amounts;
}

/**
 * What each cluster costs beside its nodes. Source: Magnum 22.0.0, `k8s_fedora_coreos_v1/templates/kubecluster.yaml`:
 * two security groups, of 14 and of 5 rules, and 4 rules apart.
 */
const SECURITY_GROUPS = 2;
const SECURITY_GROUP_RULES = 14 + 5 + 4 + SECURITY_GROUPS * DEFAULT_EGRESS_RULES;

/** Its own network: the port of the router's interface, and the one of DHCP or of OVN's metadata agent. */
const OWN_NETWORK_PORTS = 2;

/**
 * Sums up what Magnum creates for a cluster. Source: Magnum 22.0.0: the Heat templates `kubecluster.yaml`,
 * `kubemaster.yaml`, `kubeminion.yaml`, `lb_api.yaml`, `lb_etcd.yaml`, `network.yaml`, and
 * `heat/template_def.py` for the conditions. Cluster API (capi-helm-charts, magnum-cluster-api) always has one load
 * balancer with a floating IP before its masters, no floating IPs of nodes, and no volumes beside root volumes.
 */
export function clusterNeeds(shape: ClusterShape): ClusterNeeds {
  const groups = shape.nodeGroups ?? [];
  const workers = shape.nodes + groups.reduce((sum, group) => sum + group.nodes, 0);
  const flavors = [
    ...Array<string>(shape.masters).fill(shape.masterFlavor),
    ...Array<string>(shape.nodes).fill(shape.flavor),
    ...groups.flatMap((group) => Array<string>(group.nodes).fill(group.flavor)),
  ];
  const balancers = loadBalancers(shape);
  return {
    flavors,
    amounts: {
      clusters: 1,
      instances: flavors.length,
      // One for the masters, one for each group of workers, the default one included.
      "server groups": 2 + groups.length,
      ...volumesOf(shape, workers),
      networks: shape.ownNetwork ? 1 : 0,
      subnets: shape.ownNetwork ? 1 : 0,
      routers: shape.ownNetwork ? 1 : 0,
      ports: flavors.length + balancers + (shape.ownNetwork ? OWN_NETWORK_PORTS : 0),
      "floating IPs": floatingIps(shape, flavors.length),
      "security groups": SECURITY_GROUPS,
      "security group rules": SECURITY_GROUP_RULES,
      "load balancers": balancers,
      listeners: balancers,
      pools: balancers,
      "health monitors": balancers,
      "pool members": balancers * shape.masters,
    },
  };
}

/** Heat's masters stand behind one load balancer for the API and one for etcd. */
function loadBalancers({ maker, masterLoadBalancer }: ClusterShape): number {
  if (maker === "capi") return 1;
  return masterLoadBalancer === true ? 2 : 0;
}

/** The API's load balancer has one where nodes have, or where the label asks for it (`add_fip_env_file`). */
function floatingIps({ maker, floatingIps, masterLoadBalancer, labels }: ClusterShape, servers: number): number {
  const label = labels?.["master_lb_floating_ip_enabled"];
  if (maker === "capi") return isTrue(label ?? "true") ? 1 : 0;
  const ofMasters = masterLoadBalancer === true && (floatingIps === true || isTrue(label ?? "false")) ? 1 : 0;
  return ofMasters + (floatingIps === true ? servers : 0);
}

function volumesOf(shape: ClusterShape, workers: number): Amounts {
  const label = (name: string) => Number(shape.labels?.[name] ?? 0);
  const servers = shape.masters + workers;
  const volumes = [
    { count: servers, size: label("boot_volume_size") },
    ...(shape.maker === "capi" ? [] : [{ count: servers, size: shape.dockerVolumeSize ?? 0 }]),
    { count: shape.masters, size: label("etcd_volume_size") },
  ].filter(({ size }) => size > 0);
  return {
    volumes: volumes.reduce((sum, { count }) => sum + count, 0),
    "volume GiB": volumes.reduce((sum, { count, size }) => sum + count * size, 0),
  };
}

/** As oslo.utils' `bool_from_string` reads it. */
function isTrue(text: string): boolean {
  return ["1", "t", "true", "on", "y", "yes"].includes(text.trim().toLowerCase());
}
