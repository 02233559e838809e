import type { TemplatePlan } from "../components/clusters/templatePlan";
import { attempt, UserError } from "../components/errors";
import { type BackendPlan, planBackend } from "../components/messaging/backend/matrix";
import { type BrokerClusterPlan, planBrokers } from "../components/messaging/brokers/plan";
import { parseRabbitmqVersion } from "../components/messaging/brokers/rabbitmq/version";
import { type MeshPlan, planMesh } from "../components/messaging/mesh/plan";
import { checkInstall } from "../components/messaging/servers/install";
import { type NetworkPlan, planNetwork } from "../components/network/plan";
import { checkServices } from "../components/oslo/serviceConfig";
import { type ClusterPlan, planClusters } from "./clustersPlan";
import type { NetworkConfig, StackConfig } from "./config/schema";

export type { ClusterPlan } from "./clustersPlan";

/** A zone's subnet as far as it is known before anything exists. */
export interface ZonePlan {
  zone: string;
  cidr: string;
  cidrV6?: string;
}

/** Everything that a stack will consist of, decided before the engine is asked for anything. */
export interface StackPlan {
  prefix: string;
  network?: NetworkPlan;
  /** The zones that servers are placed in: of this stack's network, or of the one that it reads. */
  zones: ZonePlan[];
  /** Without `brokers` where they are external. */
  messaging?: { mode: string; drivers: BackendPlan; brokers?: BrokerClusterPlan; mesh?: MeshPlan };
  templates: Record<string, TemplatePlan>;
  clusters: ClusterPlan[];
}

/**
 * Plans a whole stack; `read` gives the zones of a network that another stack owns, `source` the configuration's file
 * for explanations. All mistakes are reported together.
 */
export function planStack(
  config: StackConfig,
  stack: string,
  read?: { zones: ZonePlan[] },
  source?: string,
): StackPlan {
  const findings: string[] = [];
  const prefix = config.cloud.prefix ?? stack;
  const network =
    config.network?.cidr === undefined
      ? undefined
      : attempt(findings, () => planNetwork(networkRequest(config.network, prefix)));
  const zones = network ? zonesOf(network) : (existingZones(config.network) ?? read?.zones ?? []);
  const messaging = attempt(findings, () => planMessaging(config, prefix, zones));
  const { clusters: layer } = config;
  const release = config.cloud.release;
  const clusters =
    layer && attempt(findings, () => planClusters(layer, { prefix, release, network: config.network, source }));
  if (findings.length > 0) throw UserError.all(findings);
  return {
    prefix,
    network,
    zones,
    messaging,
    templates: clusters?.templates ?? {},
    clusters: clusters?.clusters ?? [],
  };
}

/** The arguments of the network's plan, from the stack's section. */
export function networkRequest(network: NetworkConfig | undefined, prefix: string) {
  return { ...network, name: prefix, zones: network?.zones ?? [], cidr: network?.cidr ?? "" };
}

function zonesOf(network: NetworkPlan): ZonePlan[] {
  return network.subnets
    .filter((subnet) => subnet.version === 4)
    .map(({ zone, cidr }) => ({
      zone,
      cidr,
      cidrV6: network.subnets.find((s) => s.version === 6 && s.zone === zone)?.cidr,
    }));
}

function existingZones(network: NetworkConfig | undefined): ZonePlan[] | undefined {
  if (network?.existing === undefined) return undefined;
  const missing = network.zones.filter((zone) => network.existing?.subnets[zone] === undefined);
  if (missing.length > 0)
    throw new UserError(`\`network.existing.subnets\` has no subnet for zone ${missing.join(", ")}.`);
  return network.zones.map((zone) => ({ zone, cidr: network.existing?.subnets[zone]?.cidr ?? "" }));
}

function planMessaging(config: StackConfig, prefix: string, zones: readonly ZonePlan[]): StackPlan["messaging"] {
  const messaging = config.messaging;
  if (messaging === undefined) return undefined;
  if (zones.length === 0) {
    throw new UserError(
      "`messaging` needs a network: add a `network` section, or name the stack that owns one in `reads.network`.",
    );
  }
  const { mode, broker, rpc, accept, servers, services, oslo, release = config.cloud.release } = messaging;
  const drivers = planBackend({ mode, release, broker: broker.kind, accept });
  checkServices(services, release, oslo);
  if (broker.external === undefined) {
    checkInstall(broker.kind, broker.install ?? servers.install, "messaging.broker.install");
  }
  if (rpc) checkInstall(rpc.implementation, rpc.install ?? servers.install, "messaging.rpc.install");
  if (broker.kind === "rabbitmq" && broker.containerImage !== undefined) {
    parseRabbitmqVersion(broker.containerImage, "messaging.broker.containerImage");
  }
  return {
    mode,
    drivers,
    brokers: broker.external === undefined ? planBrokers(prefix, broker.nodes, zones) : undefined,
    mesh: rpc && planMesh(prefix, rpc, zones),
  };
}
