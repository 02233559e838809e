import { ARTEMIS_PORTS } from "../../components/messaging/brokers/artemis/ports";
import { KAFKA_PORTS } from "../../components/messaging/brokers/kafka/ports";
import { RABBITMQ_PORTS } from "../../components/messaging/brokers/rabbitmq/ports";
import { resourceName } from "../../components/names";
import { DEFAULT_EGRESS_RULES } from "../../components/tenancy/quotas";
import type { StackConfig } from "../config/schema";
import type { StackPlan } from "../plan";

/** A security group to come, with the rules that it will have. */
export interface GroupNeeds {
  name: string;
  rules: number;
}

const BROKER_PORTS = { rabbitmq: RABBITMQ_PORTS, artemis: ARTEMIS_PORTS, kafka: KAFKA_PORTS };

/** Ports that routers open to each other: links of interior routers, and of edges. */
const ROUTER_SELF_PORTS = 2;

/** The security groups and server groups of the messaging layer; the graph's own count is compared in tests. */
export function messagingGroups(
  { network, messaging }: StackConfig,
  { prefix, messaging: plan, zones }: StackPlan,
): { securityGroups: GroupNeeds[]; serverGroups: string[] } {
  if (messaging === undefined || plan === undefined) return { securityGroups: [], serverGroups: [] };
  // A rule by group is written once for each version of IP, a rule by range once.
  const versions = zones.some((zone) => zone.cidrV6 !== undefined) ? 2 : 1;
  const ranges = network?.adminCidrs?.length ?? 0;
  const group = (plural: string, selfPorts: number, openings = 0): GroupNeeds => ({
    name: resourceName(prefix, plural),
    rules: (1 + selfPorts) * versions + ranges + openings + DEFAULT_EGRESS_RULES,
  });
  const roles = [
    ...(plan.brokers ? [group("brokers", BROKER_PORTS[messaging.broker.kind].selfPorts.length)] : []),
    ...(plan.mesh ? [group("routers", ROUTER_SELF_PORTS, plan.mesh.callers.length)] : []),
  ];
  const clients = { name: resourceName(prefix, "messaging-clients"), rules: DEFAULT_EGRESS_RULES };
  return { securityGroups: [clients, ...roles], serverGroups: roles.map(({ name }) => name) };
}
