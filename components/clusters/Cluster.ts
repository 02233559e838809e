import { Cluster as MagnumCluster } from "@pulumi/openstack/containerinfra/cluster";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../errors";
import { resourceName } from "../names";
import { NodeGroup, type NodeGroupArgs } from "./NodeGroup";
import { clusterTimeoutMinutes } from "./timeouts";

export interface ClusterArgs {
  /** Prefix of the name in Magnum. REPLACES the cluster. */
  prefix: string;
  /** Key of the cluster, such as `analysis`. REPLACES the cluster. */
  key: string;
  /** The template. What another one does is said by `upgrade`. */
  templateId: pulumi.Input<string>;
  /**
   * What happens when the template is another one. `keep`: the cluster stays on the template it was made from, and
   * only new clusters take the new one. `in-place`: Magnum upgrades the cluster. Default `keep`.
   */
  upgrade?: "keep" | "in-place";
  /**
   * Another number makes a new cluster, which takes the template of now, before the old one goes: blue/green in one
   * update. Default 1. REPLACES the cluster.
   */
  generation?: number;
  /** Worker nodes of the default group. In place. */
  nodes: number;
  /** Masters: 1, 3 or 5. REPLACES the cluster. */
  masters: number;
  /** Whether the template puts masters behind a load balancer. */
  masterLoadBalancer: boolean;
  /**
   * Labels over those of the template, which they are merged with. REPLACES the cluster; with `upgrade: in-place` a change
   * does nothing, since the provider cannot tell them from labels of the former template, and would replace for those.
   */
  labels?: Record<string, string>;
  /** Flavor of the nodes. Default: the template's. REPLACES the cluster. */
  flavor?: string;
  /** Flavor of the masters. Default: the template's. REPLACES the cluster. */
  masterFlavor?: string;
  /** Volume for container images in GiB. Default: the template's. REPLACES the cluster. */
  dockerVolumeSize?: number;
  /** Whether every node gets a floating IP. Default false, whatever the template says: the provider sends it. REPLACES the cluster. */
  floatingIps?: boolean;
  /** Groups of nodes beside the default one, by name. Made one after the other, as Magnum wants it. */
  nodeGroups?: Record<string, Omit<NodeGroupArgs, "key" | "clusterId">>;
  /** Nova key pair for the nodes. Default: the template's. REPLACES the cluster. */
  keyPair?: string;
  /** Network of the nodes. Default: Magnum makes one. REPLACES the cluster. */
  networkId?: pulumi.Input<string>;
  /** Subnet of the nodes, on `networkId`. REPLACES the cluster. */
  subnetId?: pulumi.Input<string>;
}

/** A Magnum cluster; resized in place, and waited for as long as its size takes. */
export class Cluster extends pulumi.ComponentResource {
  readonly clusterId: pulumi.Output<string>;
  /** Its name in Magnum. */
  readonly clusterName: string;
  /** URL of the engine's API. */
  readonly apiAddress: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:Cluster", name, {}, opts);
    checkMasters(args);
    const generation = args.generation ?? 1;
    this.clusterName = resourceName(args.prefix, args.key, generation === 1 ? "" : `g${generation}`);
    const cluster = new MagnumCluster(
      generation === 1 ? name : `${name}-g${generation}`,
      { name: this.clusterName, ...inputsOf(args) },
      { parent: this, ...optionsOf(args) },
    );
    this.clusterId = cluster.id;
    this.apiAddress = cluster.apiAddress;
    createNodeGroups(this, name, args, cluster);
    this.registerOutputs({ clusterId: this.clusterId, apiAddress: this.apiAddress });
  }
}

function inputsOf(args: ClusterArgs) {
  const hasLabels = Object.keys(args.labels ?? {}).length > 0;
  return {
    clusterTemplateId: args.templateId,
    nodeCount: args.nodes,
    masterCount: args.masters,
    flavor: args.flavor,
    masterFlavor: args.masterFlavor,
    dockerVolumeSize: args.dockerVolumeSize,
    floatingIpEnabled: args.floatingIps,
    labels: hasLabels ? args.labels : undefined,
    // Without this the cluster's labels wipe out the template's.
    mergeLabels: hasLabels ? true : undefined,
    keypair: args.keyPair,
    fixedNetwork: args.networkId,
    fixedSubnet: args.subnetId,
  };
}

function optionsOf(args: ClusterArgs): pulumi.CustomResourceOptions {
  const timeout = `${clusterTimeoutMinutes(args.nodes + args.masters)}m`;
  return {
    customTimeouts: { create: timeout, update: timeout, delete: timeout },
    ignoreChanges: args.upgrade === "in-place" ? ["labels", "mergeLabels"] : ["clusterTemplateId"],
  };
}

/** One after the other: Magnum fails one of two that are made at once. In the order of their names. */
function createNodeGroups(parent: Cluster, name: string, args: ClusterArgs, cluster: MagnumCluster): void {
  let before: pulumi.Resource = cluster;
  for (const [key, group] of Object.entries(args.nodeGroups ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const made: NodeGroup = new NodeGroup(
      `${name}-${key}`,
      { ...group, key, clusterId: cluster.id },
      { parent, dependsOn: [before] },
    );
    before = made;
  }
}

function checkMasters(args: ClusterArgs): void {
  const field = `clusters.clusters.${args.key}.masters`;
  if (args.masters < 1 || args.masters % 2 === 0) {
    throw new UserError(`\`${field}\` must be odd (1, 3, 5): etcd votes, got ${args.masters}.`);
  }
  if (args.masters > 1 && !args.masterLoadBalancer) {
    throw new UserError(
      `\`${field}\` is ${args.masters}, but the template has no load balancer for masters. Set \`masterLoadBalancer: true\` in the template.`,
    );
  }
}
