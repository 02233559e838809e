import type { Input } from "@pulumi/pulumi";

import type { NetworkPlan } from "./plan";

/** One availability zone's place on a network. */
export interface ZoneSubnet {
  zone: string;
  /** IPv4 range of the zone's subnet; plain, because addresses are planned from it. */
  cidr: string;
  /** IPv6 range of the zone's subnet, where it has one. */
  cidrV6?: string;
  subnetId: Input<string>;
  subnetIdV6?: Input<string>;
}

/** A network that servers are placed on: one made by `Network`, one of another stack, or one that was there before. */
export interface NetworkAttachment {
  networkId: Input<string>;
  zones: ZoneSubnet[];
}

/** Ties a plan's ranges to the ids that the cloud gave its subnets; `idOf` takes a subnet's key. */
export function attach(
  plan: NetworkPlan,
  networkId: Input<string>,
  idOf: (key: string) => Input<string>,
): NetworkAttachment {
  const v6 = new Map(plan.subnets.filter((s) => s.version === 6).map((s) => [s.zone, s]));
  return {
    networkId,
    zones: plan.subnets
      .filter((subnet) => subnet.version === 4)
      .map((subnet) => {
        const sixth = v6.get(subnet.zone);
        return {
          zone: subnet.zone,
          cidr: subnet.cidr,
          subnetId: idOf(subnet.key),
          ...(sixth === undefined ? {} : { cidrV6: sixth.cidr, subnetIdV6: idOf(sixth.key) }),
        };
      }),
  };
}
