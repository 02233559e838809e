import { createAnalysisLayer } from "./analysis";
import type { AnalysisPlan } from "./analysisPlan";
import { foreignTarget, ownTarget, swarmOf } from "./analysisTarget";
import type { ClusterAccess } from "./clusterClients";
import type { StackConfig } from "./config/schema";
import type { Layer } from "./layer";
import { createStandalone } from "./standalone";

export interface AnalysisLayersRequest {
  config: StackConfig;
  plan: AnalysisPlan;
  owner: string;
  /** Path of the stack's configuration file. */
  file: string;
  /** The clusters of this stack, if it has any. */
  own?: { layer: Layer; access: Readonly<Record<string, ClusterAccess>> };
}

/** The analysis layer on whatever cluster the configuration names, and Spark's own cluster on a Swarm. */
export function createAnalysis({ config, plan, owner, file, own }: AnalysisLayersRequest): Record<string, unknown> {
  const analysis = config.analysis!;
  const { cluster, standalone } = analysis;
  const access = cluster === undefined ? undefined : own?.access[cluster];
  const isOwn = own !== undefined && cluster !== undefined && config.reads.clusters === undefined;
  if (standalone !== undefined)
    return createStandalone(analysis, owner, { providers: [swarmOf(cluster ?? "", access)] });
  const target = isOwn ? ownTarget(own.layer, cluster, access) : foreignTarget(config);
  return { analysis: createAnalysisLayer({ config: analysis, plan, target, file }) };
}
