import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import type { DeployedLabels } from "../../components/clusters/replacements";
import type { MagnumState } from "./magnumClusters";

const CLUSTER = "openstack:containerinfra/cluster:Cluster";
const resourcesShape = z.object({
  outputs: z.record(z.string(), z.object({ type: z.string(), outputs: z.record(z.string(), z.unknown()) })),
});
const clusterShape = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()).nullish(),
  mergeLabels: z.boolean().nullish(),
});

/**
 * Adds to Magnum's clusters what the engine's state has of their labels: Magnum says all that are in force, and not which
 * of them were given to the cluster. An engine that tells nothing of its state leaves them as they are.
 */
export async function withDeployedLabels(magnum: MagnumState): Promise<MagnumState> {
  if (magnum.clusters.size === 0) return magnum;
  const deployed = await readDeployedLabels();
  const clusters = [...magnum.clusters].map(
    ([name, cluster]) => [name, { ...cluster, deployed: deployed.get(name) }] as const,
  );
  return { ...magnum, clusters: new Map(clusters) };
}

/** By the clusters' names. The function is the engine's own (pkg/resource/deploy/builtins.go). */
async function readDeployedLabels(): Promise<ReadonlyMap<string, DeployedLabels>> {
  const stackName = pulumi.getStack();
  const answer: unknown = await pulumi.runtime
    .invoke("pulumi:pulumi:readStackResourceOutputs", { stackName }, { async: true })
    .catch((error: unknown) => void pulumi.log.debug(`the engine tells nothing of its state: ${String(error)}`));
  const parsed = resourcesShape.safeParse(answer);
  const clusters = Object.values(parsed.data?.outputs ?? {}).filter(({ type }) => type === CLUSTER);
  return new Map(
    clusters.flatMap(({ outputs }): [string, DeployedLabels][] => {
      const { data } = clusterShape.safeParse(outputs);
      return data === undefined ? [] : [[data.name, { labels: data.labels ?? {}, merged: data.mergeLabels === true }]];
    }),
  );
}
