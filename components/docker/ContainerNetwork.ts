import { Network } from "@pulumi/docker/network";
import * as pulumi from "@pulumi/pulumi";

import { resourceName } from "../names";
import { addressAt, formatCidr, parseCidr, subnetAt } from "../network/cidr";
import type { NetworkPlan } from "../network/plan";

export interface ContainerNetworkArgs {
  /** The zones' subnets; one Docker network holds them all. REPLACES the network and every container. */
  plan: NetworkPlan;
  /** The range that the zones' subnets are cut from. REPLACES the network and every container. */
  cidr: string;
  /** The stack that owns the network; written as a label. REPLACES the network. */
  stack: string;
}

/** A network of one Docker host with the addresses of a network plan; its zones are names only. */
export class ContainerNetwork extends pulumi.ComponentResource {
  /** Name of the network in Docker. */
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, args: ContainerNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:ContainerNetwork", name, {}, opts);
    const range = parseCidr(args.cidr, "network.cidr");
    const network = new Network(
      name,
      {
        name: args.plan.name,
        driver: "bridge",
        ipamConfigs: [{ subnet: formatCidr(range), gateway: addressAt(range, 1), ipRange: freeRange(args.plan) }],
        labels: [{ label: "fabric-stack", value: args.stack }],
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}

/** What Docker hands out by itself: the upper half of the first zone, as Neutron would; the lower half is planned. */
function freeRange(plan: NetworkPlan): string {
  const [first] = plan.subnets;
  if (first === undefined) throw new Error(`network ${resourceName(plan.name)} has no subnet`);
  const subnet = parseCidr(first.cidr, "network.cidr");
  return formatCidr(subnetAt(subnet, subnet.prefix + 1, 1));
}
