import { UserError } from "../errors";
import { resourceName } from "../names";
import { addressAt, type Cidr, formatCidr, parseCidr, sizeOf, subnetAt } from "./cidr";

/** What the address plan is made from; plain values, because they decide how many subnets there are. */
export interface NetworkRequest {
  /** Prefix of every name, such as `production`. */
  name: string;
  /** Availability zones; each gets its own subnet(s). */
  zones: readonly string[];
  /** The IPv4 range that the zones' subnets are cut from. */
  cidr: string;
  /** Length of a zone's IPv4 subnet; by default the range is divided evenly among 8 zones. */
  subnetPrefix?: number;
  /** The IPv6 range that the zones' /64 subnets are cut from; without it the network is IPv4 only. */
  ipv6Cidr?: string;
}

export interface SubnetPlan {
  /** Stable key within the network: the zone, with `-v6` for IPv6. */
  key: string;
  name: string;
  zone: string;
  version: 4 | 6;
  cidr: string;
  gateway: string;
  /** Addresses Neutron hands out by itself; those below are kept for servers of the plan. */
  pool: { start: string; end: string };
}

export interface NetworkPlan {
  name: string;
  routerName: string;
  subnets: SubnetPlan[];
}

/**
 * Zones the range is divided among when no prefix is given. Leaving room keeps every subnet where it is
 * when a zone is added: a subnet's range cannot be changed, so renumbering would replace it.
 */
const ZONES_RESERVED = 8;

/** The first address given to a planned server: 0 is the network, 1 the gateway, 2–9 are Neutron's own (DHCP, SNAT). */
export const FIRST_STATIC_OFFSET = 10;

/** Plans one subnet per availability zone and IP version; the lower half is for planned (fixed) addresses. */
export function planNetwork(request: NetworkRequest): NetworkPlan {
  if (request.zones.length === 0) throw new UserError("`network.zones` must name at least one availability zone.");
  if (request.zones.length > ZONES_RESERVED) {
    throw new UserError(`\`network.zones\` allows at most ${ZONES_RESERVED} zones, got ${request.zones.length}.`);
  }
  const v4 = parseCidr(request.cidr, "network.cidr");
  if (v4.version !== 4)
    throw new UserError(`\`network.cidr\` must be IPv4, got "${request.cidr}"; IPv6 goes into \`network.ipv6Cidr\`.`);
  const prefix = request.subnetPrefix ?? v4.prefix + Math.log2(ZONES_RESERVED);
  checkRoom(v4, prefix, request.zones.length);
  const subnets = request.zones.map((zone, index) => planSubnet(request.name, zone, subnetAt(v4, prefix, index)));
  if (request.ipv6Cidr !== undefined) {
    const v6 = parseCidr(request.ipv6Cidr, "network.ipv6Cidr");
    if (v6.version !== 6 || v6.prefix > 61) {
      throw new UserError(
        `\`network.ipv6Cidr\` must be an IPv6 range of /61 or larger (a /64 per zone), got "${request.ipv6Cidr}".`,
      );
    }
    subnets.push(...request.zones.map((zone, index) => planSubnet(request.name, zone, subnetAt(v6, 64, index))));
  }
  return { name: resourceName(request.name, "net"), routerName: resourceName(request.name, "router"), subnets };
}

function checkRoom(range: Cidr, prefix: number, zones: number): void {
  if (prefix > 28) {
    throw new UserError(
      `\`network.cidr\` is too small: a /${range.prefix} leaves each zone a /${prefix}, and a zone needs a /28 or larger. Take a /25 or larger.`,
    );
  }
  if (prefix < range.prefix || 2 ** (prefix - range.prefix) < zones) {
    throw new UserError(
      `\`network.subnetPrefix\` /${prefix} does not fit ${zones} zones into a /${range.prefix}; take a longer prefix.`,
    );
  }
}

function planSubnet(network: string, zone: string, cidr: Cidr): SubnetPlan {
  const suffix = cidr.version === 6 ? "v6" : "";
  const size = sizeOf(cidr);
  return {
    key: resourceName(zone, suffix),
    name: resourceName(network, zone, suffix),
    zone,
    version: cidr.version,
    cidr: formatCidr(cidr),
    gateway: addressAt(cidr, 1),
    pool: { start: addressAt(cidr, size / 2n), end: addressAt(cidr, size - 2n) },
  };
}

/** Ranges of static offsets, per role, so that growing one role never moves another's addresses. */
export interface AddressBlock {
  /** First offset in a zone's subnet. */
  first: number;
  /** How many addresses the role may take in one zone. */
  count: number;
}

/** The fixed address of the `index`-th (from 0) server of a block in a zone's IPv4 subnet. */
export function staticAddress(
  subnet: Pick<SubnetPlan, "cidr" | "zone">,
  block: AddressBlock,
  index: number,
  role: string,
): string {
  const cidr = parseCidr(subnet.cidr, "network.cidr");
  const offset = block.first + index;
  if (index >= block.count || BigInt(offset) >= sizeOf(cidr) / 2n) {
    throw new UserError(
      `Zone "${subnet.zone}" (${subnet.cidr}) has no room for ${role} ${index + 1}. Take a larger \`network.cidr\`, or more zones.`,
    );
  }
  return addressAt(cidr, offset);
}
