import { memberKey, resourceName } from "../../names";
import type { ZoneSubnet } from "../../network/attachment";
import { type AddressBlock, staticAddress } from "../../network/plan";

/** Where the members of a cluster or mesh stand: zone after zone, so that any two neighbours differ in zone. */
export interface Placement {
  /** Stable key within the group: `01`, `02`, … */
  key: string;
  hostName: string;
  zone: string;
  /** Planned IPv4 address. */
  address: string;
}

/**
 * Offsets of the planned addresses within a zone's subnet. A role's block is never moved: addresses outlive servers.
 * The broker block holds 7 (the largest cluster), the router block 64 (the largest interior).
 */
export const ADDRESS_BLOCKS = {
  broker: { first: 10, count: 7 },
  router: { first: 32, count: 64 },
} as const satisfies Record<string, AddressBlock>;

/** Places `count` members over the zones, round robin. */
export function placeMembers(
  prefix: string,
  role: keyof typeof ADDRESS_BLOCKS,
  count: number,
  zones: readonly Pick<ZoneSubnet, "zone" | "cidr">[],
): Placement[] {
  return Array.from({ length: count }, (_, index) => {
    const zone = zones[index % zones.length];
    if (zone === undefined) throw new Error("placeMembers needs at least one zone");
    const key = memberKey(index + 1);
    return {
      key,
      hostName: resourceName(prefix, role, key),
      zone: zone.zone,
      address: staticAddress(zone, ADDRESS_BLOCKS[role], Math.floor(index / zones.length), role),
    };
  });
}
