import { Cluster as MagnumCluster } from "@pulumi/openstack/containerinfra/cluster";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../errors";
import { resourceName } from "../names";
import { clusterTimeoutMinutes } from "./timeouts";

export interface ClusterArgs {
  /** Prefix of the name in Magnum. REPLACES the cluster. */
  prefix: string;
  /** Key of the cluster, such as `analysis`. REPLACES the cluster. */
  key: string;
  /** The template. In place where Magnum's driver can upgrade, refused by it otherwise. */
  templateId: pulumi.Input<string>;
  /** Worker nodes of the default group. In place. */
  nodes: number;
  /** Masters: 1, 3 or 5. REPLACES the cluster. */
  masters: number;
  /** Whether the template puts masters behind a load balancer. */
  masterLoadBalancer: boolean;
  /** Labels over those of the template, which they are merged with. REPLACES the cluster. */
  labels?: Record<string, string>;
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
  /** URL of the engine's API. */
  readonly apiAddress: pulumi.Output<string>;
  /** Kubeconfig of a `system:masters` user; secret. Empty for other engines. */
  readonly kubeconfig: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:Cluster", name, {}, opts);
    checkMasters(args);
    const timeout = `${clusterTimeoutMinutes(args.nodes + args.masters)}m`;
    const hasLabels = Object.keys(args.labels ?? {}).length > 0;
    const cluster = new MagnumCluster(
      name,
      {
        name: resourceName(args.prefix, args.key),
        clusterTemplateId: args.templateId,
        nodeCount: args.nodes,
        masterCount: args.masters,
        labels: hasLabels ? args.labels : undefined,
        // Without this the cluster's labels wipe out the template's.
        mergeLabels: hasLabels ? true : undefined,
        keypair: args.keyPair,
        fixedNetwork: args.networkId,
        fixedSubnet: args.subnetId,
      },
      { parent: this, customTimeouts: { create: timeout, update: timeout, delete: timeout } },
    );
    this.clusterId = cluster.id;
    this.apiAddress = cluster.apiAddress;
    // A map's keys stay as Terraform has them; the provider's documentation says `rawConfig`.
    this.kubeconfig = pulumi.secret(cluster.kubeconfig.apply((config) => config?.["raw_config"] ?? ""));
    this.registerOutputs({ clusterId: this.clusterId, apiAddress: this.apiAddress, kubeconfig: this.kubeconfig });
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
