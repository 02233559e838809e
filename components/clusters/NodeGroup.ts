import { NodeGroup as MagnumNodeGroup } from "@pulumi/openstack/containerinfra/nodeGroup";
import * as pulumi from "@pulumi/pulumi";

import type { NodeGroupSpec } from "./nodeGroupPlan";
import { clusterTimeoutMinutes } from "./timeouts";

export interface NodeGroupArgs extends NodeGroupSpec {
  /** Name of the group in the cluster. REPLACES the group. */
  key: string;
  /** Magnum's id of the cluster. REPLACES the group. */
  clusterId: pulumi.Input<string>;
  /** Flavor of the nodes. Default: the template's. REPLACES the group. */
  flavor?: string;
  /** Image of the nodes. Default: the template's. REPLACES the group. */
  image?: pulumi.Input<string>;
  /** Volume for container images in GiB. Default: the cluster's. REPLACES the group. */
  dockerVolumeSize?: number;
  /** Labels over those of the cluster, which they are merged with. REPLACES the group. */
  labels?: Record<string, string>;
}

/** More nodes of a cluster, of a kind and with limits of their own; resized in place. */
export class NodeGroup extends pulumi.ComponentResource {
  readonly nodeGroupId: pulumi.Output<string>;

  constructor(name: string, args: NodeGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:NodeGroup", name, {}, opts);
    const timeout = `${clusterTimeoutMinutes(args.nodes)}m`;
    const hasLabels = Object.keys(args.labels ?? {}).length > 0;
    const group = new MagnumNodeGroup(
      name,
      {
        name: args.key,
        clusterId: args.clusterId,
        nodeCount: args.nodes,
        minNodeCount: args.minNodes,
        maxNodeCount: args.maxNodes,
        flavorId: args.flavor,
        imageId: args.image,
        role: args.role,
        dockerVolumeSize: args.dockerVolumeSize,
        labels: hasLabels ? args.labels : undefined,
        mergeLabels: hasLabels ? true : undefined,
      },
      {
        parent: this,
        customTimeouts: { create: timeout, update: timeout, delete: timeout },
        // The autoscaler's number is not to be set back by the next update.
        ignoreChanges: args.maxNodes === undefined ? [] : ["nodeCount"],
      },
    );
    this.nodeGroupId = group.id;
    this.registerOutputs({ nodeGroupId: this.nodeGroupId });
  }
}
