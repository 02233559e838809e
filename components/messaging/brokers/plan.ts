import { UserError } from "../../errors";
import type { ZoneSubnet } from "../../network/attachment";
import { placeMembers, type Placement } from "../servers/placement";

/** The largest cluster that is planned: beyond 7 members a Raft quorum costs more than it protects. */
export const MAX_BROKERS = 7;

export interface BrokerClusterPlan {
  members: Placement[];
  /** Host names and addresses of every member that the cluster can ever have, so that growing it changes no server. */
  hosts: Pick<Placement, "hostName" | "address">[];
  /** Members that must be up for quorum queues to accept messages. */
  quorum: number;
}

/** Plans an odd-sized broker cluster over the zones. */
export function planBrokers(
  prefix: string,
  count: number,
  zones: readonly Pick<ZoneSubnet, "zone" | "cidr">[],
): BrokerClusterPlan {
  if (!Number.isInteger(count) || count < 1 || count > MAX_BROKERS || count % 2 === 0) {
    throw new UserError(
      `\`messaging.broker.nodes\` must be 1, 3, 5 or 7, got ${count}: an even number tolerates no more failures than the odd one below it. ` +
        `Take ${count < 1 ? 1 : Math.min(MAX_BROKERS, count + 1)}.`,
    );
  }
  const possible = placeMembers(prefix, "broker", MAX_BROKERS, zones);
  return {
    members: possible.slice(0, count),
    hosts: possible.map(({ hostName, address }) => ({ hostName, address })),
    quorum: Math.floor(count / 2) + 1,
  };
}
