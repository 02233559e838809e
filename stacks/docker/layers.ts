import * as pulumi from "@pulumi/pulumi";

import { ContainerNetwork } from "../../components/docker/ContainerNetwork";
import { LocalMessaging } from "../../components/messaging/local/LocalMessaging";
import type { DockerConfig } from "../config/docker";
import type { MessagingConfig } from "../config/messaging";
import type { StackConfig } from "../config/schema";
import type { StackPlan } from "../plan";
import { createStandalone } from "../standalone";
import { openDocker } from "./engine";

/** What the layers on a Docker host are made from. */
interface DockerLayer {
  /** Who owns the resources: `project/stack`. */
  owner: string;
  config: StackConfig;
  docker: DockerConfig;
  plan: StackPlan;
  options: pulumi.ComponentResourceOptions;
}

/** The layers of a stack on one Docker host: the same plans as on a cloud, as containers. */
export async function createDockerLayers(
  config: StackConfig,
  docker: DockerConfig,
  plan: StackPlan,
  owner: string,
): Promise<Record<string, unknown>> {
  const layer = { owner, config, docker, plan, options: { providers: [await openDocker(docker)] } };
  return { ...createMessagingLayers(layer), ...createStandalone(config.analysis, owner, layer.options) };
}

function createMessagingLayers(layer: DockerLayer): Record<string, unknown> {
  const { config, plan, owner } = layer;
  if (plan.network === undefined) return {};
  const network = new ContainerNetwork(
    "network",
    { plan: plan.network, cidr: config.network?.cidr ?? "", stack: owner },
    layer.options,
  );
  return {
    network: { networkName: network.networkName, zones: plan.zones },
    ...(config.messaging && { messaging: createMessaging(layer, config.messaging, network) }),
  };
}

function createMessaging(layer: DockerLayer, config: MessagingConfig, network: ContainerNetwork) {
  const { docker, plan, owner } = layer;
  const { authority } = config;
  const backend = new LocalMessaging(
    "messaging",
    {
      ...config,
      prefix: plan.prefix,
      networkName: network.networkName,
      zones: plan.zones,
      published: { ip: docker.publish, firstPort: docker.firstPort },
      registry: docker.registry,
      release: config.release ?? layer.config.cloud.release,
      mesh: config.rpc,
      authority: authority && { caPem: authority.certPem, caKeyPem: pulumi.secret(authority.keyPem) },
      stack: owner,
    },
    layer.options,
  );
  return {
    brokerEndpoints: backend.brokerEndpoints,
    routerEndpoints: backend.routerEndpoints,
    rpcTransportUrls: backend.rpcTransportUrls,
    notificationTransportUrls: backend.notificationTransportUrls,
    applicationUrls: backend.applicationUrls,
    caPem: backend.caPem,
  };
}
