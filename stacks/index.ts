import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { attempt, UserError } from "../components/errors";
import type { AnalysisPlan } from "./analysisPlan";
import { openCloud } from "./cloud/open";
import { configSource } from "./config/file";
import { needsNoCloud } from "./config/given";
import { loadConfig } from "./config/load";
import type { StackConfig } from "./config/schema";
import type { Layer } from "./layer";
import { planStack, type StackPlan } from "./plan";
import { protectVolumes } from "./protect";
import { readNetwork } from "./reads";

/** A stack: configuration → plan → check of the cloud → the layers that the configuration has, in order. */
export = async () => {
  const config = loadConfig();
  const stack = pulumi.getStack();
  const owner = `${pulumi.getProject()}/${stack}`;
  const read = config.reads.network === undefined ? undefined : await readNetwork(config.reads.network);
  const file = join(pulumi.getRootDirectory(), configSource(pulumi.getRootDirectory(), stack).file);
  const { plan, analysis } = await planAll(config, stack, read, file);
  // Each layer is loaded only where a stack has it: a small stack starts sooner.
  if (config.docker) {
    const { createDockerLayers } = await import("./docker/layers.js");
    return createDockerLayers(config, config.docker, plan, owner);
  }
  if (needsNoCloud(config)) {
    const { createAnalysis } = await import("./analysisLayers.js");
    return createAnalysis({ config, plan: analysis!, owner, file });
  }
  const cloud = await openCloud(config, plan, owner);
  const transformations = config.cloud.protectVolumes === true ? [protectVolumes] : [];
  const layer: Layer = { owner, config, plan, cloud, options: { providers: [cloud.provider], transformations } };
  return createLayers(layer, read, analysis, file);
};

async function createLayers(
  layer: Layer,
  read: Awaited<ReturnType<typeof readNetwork>> | undefined,
  analysis: AnalysisPlan | undefined,
  file: string,
): Promise<Record<string, unknown>> {
  const { config, owner } = layer;
  const network = config.network ? (await import("./network.js")).createNetworkLayer(layer, config.network) : read;
  const messaging =
    config.messaging &&
    network &&
    (await import("./messaging.js")).createMessagingLayer(layer, config.messaging, network);
  const clusters =
    config.clusters && (await import("./clusters.js")).createClustersLayer(layer, config.clusters, network);
  const own = { layer, access: clusters?.access ?? {} };
  return {
    ...(config.network && { network }),
    ...(messaging && { messaging }),
    ...(clusters && { clusters: clusters.outputs }),
    ...(analysis && (await import("./analysisLayers.js")).createAnalysis({ config, plan: analysis, owner, file, own })),
  };
}

/** Everything that is wrong with any layer, at once. */
async function planAll(
  config: StackConfig,
  stack: string,
  read: { zones: StackPlan["zones"] } | undefined,
  file: string,
): Promise<{ plan: StackPlan; analysis?: AnalysisPlan }> {
  const findings: string[] = [];
  const plan = attempt(findings, () => planStack(config, stack, read));
  const { analysis: layer } = config;
  const planning = layer && (await import("./analysisPlan.js"));
  const analysis = layer && attempt(findings, () => planning?.planAnalysis(layer, file));
  if (plan === undefined || findings.length > 0) throw UserError.all(findings);
  return { plan, analysis };
}
