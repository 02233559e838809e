import type { NetworkAttachment } from "../components/network/attachment";
import { Network } from "../components/network/Network";
import type { NetworkConfig } from "./config/schema";
import type { Layer } from "./layer";

/** The network layer: a new network, or one that is there already. */
export function createNetworkLayer(layer: Layer, config: NetworkConfig): NetworkAttachment {
  return config.existing ? existingNetwork(layer, config.existing) : newNetwork(layer, config);
}

function newNetwork(layer: Layer, config: NetworkConfig): NetworkAttachment {
  const { plan, cloud, owner, options } = layer;
  const { attachment } = new Network(
    "network",
    {
      ...config,
      prefix: plan.prefix,
      cidr: config.cidr ?? "",
      externalNetworkId: config.external === undefined ? undefined : cloud.networkId(config.external),
      stack: owner,
    },
    options,
  );
  return attachment;
}

function existingNetwork(layer: Layer, existing: NonNullable<NetworkConfig["existing"]>): NetworkAttachment {
  const subnetOf = (zone: string) => existing.subnets[zone]?.subnet ?? "";
  return {
    networkId: layer.cloud.networkId(existing.network),
    zones: layer.plan.zones.map((zone) => ({ ...zone, subnetId: layer.cloud.subnetId(subnetOf(zone.zone)) })),
  };
}
