import type * as pulumi from "@pulumi/pulumi";

import { Analysis } from "../components/analysis/runs/Analysis";
import { JOB_USER } from "../components/analysis/runs/jobManifest";
import { platformStore } from "../components/analysis/spark/platform";
import { SPARK_USER } from "../components/analysis/spark/podTemplate";
import type { SparkPlatform } from "../components/analysis/spark/SparkPlatform";
import type { AnalysisLayer } from "./analysis";
import type { DataLayer } from "./analysisData";
import { definitionOf, parametersOf } from "./analysisPlan";

/** Where an analysis's result will lie, and how its logs are seen. */
export interface RunOutput {
  address: pulumi.Output<string>;
  results: pulumi.Output<string>;
  logs: pulumi.Output<string>;
}

/** The analyses that run in the cluster, by their keys. */
export function createRuns(
  layer: AnalysisLayer,
  spark: SparkPlatform | undefined,
  data: DataLayer | undefined,
): Record<string, RunOutput> {
  return Object.fromEntries(Object.keys(layer.config.analyses).map((key) => [key, createRun(layer, key, spark, data)]));
}

function createRun(
  { config, plan, target, file, options }: AnalysisLayer,
  key: string,
  spark: SparkPlatform | undefined,
  data: DataLayer | undefined,
): RunOutput {
  const { namespace, rerun, to, schedule, nodeGroups } = config.analyses[key]!;
  const space = namespace ?? Object.keys(config.spark?.namespaces ?? {})[0] ?? "";
  const user = plan.runs[key]?.run.spark === null ? JOB_USER : SPARK_USER;
  const { address, results, logs } = new Analysis(
    `analysis-${key}`,
    {
      definition: definitionOf(config, key, file),
      // Known once the platform can run it.
      namespace: spark?.namespaces.apply((spaces) => spaces[space] ?? space) ?? space,
      ...{ parameters: parametersOf(config, key), rerun, to, schedule },
      mounts: data?.mountsOf(user),
      store: config.spark?.store && platformStore(config.spark.store),
      eventLogs: config.spark?.eventLogs,
      placement: nodeGroups && { nodeGroups },
      nodes: target.nodes,
    },
    { ...options, dependsOn: data?.ready },
  );
  return { address, results, logs };
}
