import type { FixedAddress } from "../../compute/DurableServer";
import type { NetworkAttachment } from "../../network/attachment";
import { addressAt, parseCidr } from "../../network/cidr";

/** A server that a plan places in a zone, at a planned address or at any. */
export interface Placed {
  zone: string;
  address?: string;
}

/** A member's planned addresses: IPv4, and the same offset in the zone's IPv6 subnet where there is one. */
export function memberAddresses(member: Placed, network: NetworkAttachment): FixedAddress[] {
  const zone = network.zones.find((candidate) => candidate.zone === member.zone);
  if (zone === undefined) throw new Error(`zone ${member.zone} is not on the network`);
  const v4: FixedAddress = { subnetId: zone.subnetId, ip: member.address };
  if (zone.cidrV6 === undefined || zone.subnetIdV6 === undefined) return [v4];
  if (member.address === undefined) return [v4, { subnetId: zone.subnetIdV6 }];
  const offset = offsetOf(member.address, zone.cidr);
  return [v4, { subnetId: zone.subnetIdV6, ip: addressAt(parseCidr(zone.cidrV6, "network.ipv6Cidr"), offset) }];
}

function offsetOf(address: string, cidr: string): bigint {
  return parseCidr(`${address}/32`, "address").base - parseCidr(cidr, "network.cidr").base;
}
