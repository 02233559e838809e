import { MessagingBackend } from "../components/messaging/backend/MessagingBackend";
import type { NetworkAttachment } from "../components/network/attachment";
import type { MessagingConfig } from "./config/schema";
import type { Layer } from "./layer";

/** The messaging layer; its outputs are what services need to connect. */
export function createMessagingLayer(
  layer: Layer,
  config: MessagingConfig,
  network: NetworkAttachment,
): Record<string, unknown> {
  const { cloud, network: networkConfig } = layer.config;
  const backend = new MessagingBackend(
    "messaging",
    {
      prefix: layer.plan.prefix,
      network,
      mode: config.mode,
      release: config.release ?? cloud.release,
      services: config.services,
      broker: config.broker,
      mesh: config.rpc,
      keyPair: cloud.keyPair,
      adminCidrs: networkConfig?.adminCidrs,
      dns: networkConfig?.dnsDomain !== undefined,
      stack: layer.owner,
    },
    layer.options,
  );
  return {
    brokerEndpoints: backend.brokerEndpoints,
    routerEndpoints: backend.routerEndpoints,
    clientGroupId: backend.clientGroupId,
    rpcTransportUrls: backend.rpcTransportUrls,
    notificationTransportUrls: backend.notificationTransportUrls,
    caPem: backend.caPem,
  };
}
