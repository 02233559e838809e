import * as pulumi from "@pulumi/pulumi";

import {
  type BrokerArgs,
  type ExternalBrokers,
  type MeshArgs,
  MessagingBackend,
} from "../components/messaging/backend/MessagingBackend";
import type { NetworkAttachment } from "../components/network/attachment";
import type { MessagingConfig } from "./config/messaging";
import type { Layer } from "./layer";
import { serviceOutputs } from "./services";

/** The messaging layer; its outputs are what services need to connect. */
export function createMessagingLayer(
  layer: Layer,
  config: MessagingConfig,
  network: NetworkAttachment,
): Record<string, unknown> {
  const { cloud, network: networkConfig } = layer.config;
  const { authority, matchmaker } = config;
  const backend = new MessagingBackend(
    "messaging",
    {
      ...config,
      prefix: layer.plan.prefix,
      network,
      release: config.release ?? cloud.release,
      broker: brokerArgs(layer, config.broker),
      mesh: config.rpc && meshArgs(layer, config.rpc),
      authority: authority && { caPem: authority.certPem, caKeyPem: pulumi.secret(authority.keyPem) },
      matchmaker: matchmaker && { ...matchmaker, password: pulumi.secret(matchmaker.password) },
      rollout: layer.cloud.rollout,
      keyPair: cloud.keyPair,
      adminCidrs: networkConfig?.adminCidrs,
      dns: networkConfig?.dnsDomain !== undefined,
      stack: layer.owner,
    },
    layer.options,
  );
  return {
    brokerEndpoints: backend.brokerEndpoints,
    brokerEntries: backend.brokerEntries,
    routerEndpoints: backend.routerEndpoints,
    routerEntries: backend.routerEntries,
    clientGroupId: backend.clientGroupId,
    rpcTransportUrls: backend.rpcTransportUrls,
    notificationTransportUrls: backend.notificationTransportUrls,
    applicationUrls: backend.applicationUrls,
    caPem: backend.caPem,
    ...serviceOutputs(layer, config, backend),
  };
}

function brokerArgs(layer: Layer, config: MessagingConfig["broker"]): BrokerArgs | ExternalBrokers {
  const { kind, external, flavor = "", image = "" } = config;
  if (external !== undefined) return { kind, ...external, users: pulumi.secret(external.users) };
  return { ...config, flavor, imageId: layer.cloud.imageId(image) };
}

function meshArgs(layer: Layer, config: NonNullable<MessagingConfig["rpc"]>): MeshArgs {
  const { flavor = "", image = "" } = config;
  return { ...config, flavor, imageId: layer.cloud.imageId(image) };
}
