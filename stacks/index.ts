import * as pulumi from "@pulumi/pulumi";

import { openCloud } from "./cloud/open";
import { createClustersLayer } from "./clusters";
import { loadConfig } from "./config/load";
import { createDockerLayers } from "./docker/layers";
import type { Layer } from "./layer";
import { createMessagingLayer } from "./messaging";
import { createNetworkLayer } from "./network";
import { planStack } from "./plan";
import { readNetwork } from "./reads";

/** A stack: configuration → plan → check of the cloud → the layers that the configuration has, in order. */
export = async () => {
  const config = loadConfig();
  const stack = pulumi.getStack();
  const owner = `${pulumi.getProject()}/${stack}`;
  const read = config.reads.network === undefined ? undefined : await readNetwork(config.reads.network);
  const plan = planStack(config, stack, read);
  if (config.docker) return createDockerLayers(config, config.docker, plan, owner);
  const cloud = await openCloud(config, plan, owner);
  const layer: Layer = { owner, config, plan, cloud, options: { providers: [cloud.provider] } };

  const network = config.network ? createNetworkLayer(layer, config.network) : read;
  return {
    ...(config.network && { network }),
    ...(config.messaging && network && { messaging: createMessagingLayer(layer, config.messaging, network) }),
    ...(config.clusters && { clusters: createClustersLayer(layer, config.clusters, network) }),
  };
};
