import { Network as NeutronNetwork } from "@pulumi/openstack/networking/network";
import { Router } from "@pulumi/openstack/networking/router";
import { RouterInterface } from "@pulumi/openstack/networking/routerInterface";
import { Subnet } from "@pulumi/openstack/networking/subnet";
import * as pulumi from "@pulumi/pulumi";

import { ownerTag } from "../names";
import { attach, type NetworkAttachment } from "./attachment";
import { planNetwork, type SubnetPlan } from "./plan";

export interface NetworkArgs {
  /** Prefix of every name in Neutron, such as `production`. In place. */
  prefix: string;
  /** Availability zones; each gets a subnet. Adding one keeps the others; removing one REPLACES nothing else. */
  zones: string[];
  /** IPv4 range that the zones' subnets are cut from, /25 or larger. REPLACES the subnets. */
  cidr: string;
  /** Length of a zone's IPv4 subnet. Default: the range divided by 8. REPLACES the subnets. */
  subnetPrefix?: number;
  /** IPv6 range, /61 or larger; each zone gets a /64. Default: IPv4 only. Adding is in place. */
  ipv6Cidr?: string;
  /** Id of the external network that the router leads to; without it the network has no way out. In place. */
  externalNetworkId?: pulumi.Input<string>;
  /** Resolvers handed out by DHCP. Default: the cloud's own. In place. */
  dnsNameservers?: string[];
  /** Domain under which Neutron publishes port names, with the trailing dot. Default: none. In place. */
  dnsDomain?: string;
  /** MTU of the network in bytes. Default: the cloud's. In place. */
  mtu?: number;
  /** The stack that owns the network; written as a tag. In place. */
  stack: string;
}

/** A network with one subnet per availability zone (and IP version) and a router to the outside. */
export class Network extends pulumi.ComponentResource {
  readonly networkId: pulumi.Output<string>;
  readonly routerId: pulumi.Output<string>;
  /** Subnet ids by the plan's key (`az-1`, `az-1-v6`); each resolves once its router interface is in place. */
  readonly subnetIds: pulumi.Output<Record<string, string>>;
  /** What servers are placed by, such as those of a `MessagingBackend`. */
  readonly attachment: NetworkAttachment;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:Network", name, {}, opts);
    const plan = planNetwork({ ...args, name: args.prefix });
    const tags = [ownerTag(args.stack)];
    const network = new NeutronNetwork(
      `${name}-net`,
      { name: plan.name, adminStateUp: true, dnsDomain: args.dnsDomain, mtu: args.mtu, tags },
      { parent: this },
    );
    const router = new Router(
      `${name}-router`,
      { name: plan.routerName, adminStateUp: true, externalNetworkId: args.externalNetworkId, tags },
      { parent: this },
    );
    const subnetIds: [string, pulumi.Output<string>][] = [];
    let last: RouterInterface | undefined;
    for (const planned of plan.subnets) {
      const subnet = createSubnet(this, name, network, planned, args);
      const link = createLink(this, name, router, subnet, planned, last);
      if (planned.version === 6) last = link;
      subnetIds.push([planned.key, pulumi.all([subnet.id, link.id]).apply(([id]) => id)]);
    }
    this.networkId = network.id;
    this.routerId = router.id;
    this.subnetIds = pulumi.output(Object.fromEntries(subnetIds));
    this.attachment = attach(plan, this.networkId, (key) => this.subnetIds.apply((ids) => ids[key] ?? ""));
    this.registerOutputs({ networkId: this.networkId, routerId: this.routerId, subnetIds: this.subnetIds });
  }
}

function createSubnet(
  parent: Network,
  name: string,
  network: NeutronNetwork,
  plan: SubnetPlan,
  args: NetworkArgs,
): Subnet {
  return new Subnet(
    `${name}-subnet-${plan.key}`,
    {
      name: plan.name,
      networkId: network.id,
      cidr: plan.cidr,
      ipVersion: plan.version,
      gatewayIp: plan.gateway,
      allocationPools: [{ start: plan.pool.start, end: plan.pool.end }],
      dnsNameservers: (args.dnsNameservers ?? []).filter((server) => server.includes(":") === (plan.version === 6)),
      ...(plan.version === 6 ? { ipv6AddressMode: "dhcpv6-stateful", ipv6RaMode: "dhcpv6-stateful" } : {}),
      tags: [ownerTag(args.stack)],
    },
    { parent },
  );
}

/**
 * Puts a subnet onto the router. Neutron keeps all IPv6 subnets of a network on one port of the router, but does not lock
 * while it looks for that port: links made side by side may leave two, and then refuses every later one
 * (`l3_db.py`, `_find_ipv6_router_port_by_network`). So each waits for the one `before`.
 */
function createLink(
  parent: Network,
  name: string,
  router: Router,
  subnet: Subnet,
  { key, version }: SubnetPlan,
  before: RouterInterface | undefined,
): RouterInterface {
  return new RouterInterface(
    `${name}-interface-${key}`,
    { routerId: router.id, subnetId: subnet.id },
    { parent, dependsOn: version === 6 && before !== undefined ? [before] : [] },
  );
}
