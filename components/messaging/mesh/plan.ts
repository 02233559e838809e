import { UserError } from "../../errors";
import type { ZoneSubnet } from "../../network/attachment";
import { placeMembers, type Placement } from "../servers/placement";

/** A full mesh of interior routers is planned up to this size. */
export const MAX_INTERIOR = 64;

/** Link costs by distance: traffic stays within a zone while it can. */
export const LINK_COST = { sameZone: 1, otherZone: 10 } as const;

export interface RouterLink {
  /** Key of the router that is connected to. */
  to: string;
  hostName: string;
  address: string;
  cost: number;
}

export interface RouterPlan extends Placement {
  /**
   * Routers that this one opens connections to: those before it. Links carry traffic both ways, so that an added
   * router is known to the others without a change to them.
   */
  links: RouterLink[];
}

export interface MeshPlan {
  routers: RouterPlan[];
}

/** Plans a full mesh of interior routers over the zones. */
export function planMesh(
  prefix: string,
  interior: number,
  zones: readonly Pick<ZoneSubnet, "zone" | "cidr">[],
): MeshPlan {
  if (!Number.isInteger(interior) || interior < 1 || interior > MAX_INTERIOR) {
    throw new UserError(`\`messaging.rpc.interior\` must be 1 to ${MAX_INTERIOR}, got ${interior}.`);
  }
  const places = placeMembers(prefix, "router", interior, zones);
  return {
    routers: places.map((router, index) => ({
      ...router,
      links: places.slice(0, index).map((peer) => ({
        to: peer.key,
        hostName: peer.hostName,
        address: peer.address,
        cost: peer.zone === router.zone ? LINK_COST.sameZone : LINK_COST.otherZone,
      })),
    })),
  };
}
