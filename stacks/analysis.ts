import type { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { Hub } from "../components/analysis/hub/Hub";
import type { NodeShape } from "../components/analysis/spark/nodes";
import type { ApiServer } from "../components/analysis/spark/policies";
import { SparkPlatform } from "../components/analysis/spark/SparkPlatform";
import { createData, type DataLayer } from "./analysisData";
import { type AnalysisPlan, eosCredential } from "./analysisPlan";
import { createRuns } from "./analysisRuns";
import { sparkPlatformArgs } from "./config/analysis/spark";
import type { AnalysisConfig } from "./config/schema";
import { storeCredentials } from "./storeCredentials";

/** What the analysis layer is put on. */
export interface AnalysisTarget {
  provider: Provider;
  /** The cluster's API as its pods reach it. */
  apiServer: ApiServer;
  /** Nodes by their group, where they are known: what fits on none of them is refused. */
  nodes?: Record<string, NodeShape>;
}

export interface AnalysisLayer {
  config: AnalysisConfig;
  plan: AnalysisPlan;
  target: AnalysisTarget;
  /** Path of the stack's configuration file: definitions of analyses lie relative to it. */
  file: string;
  options: pulumi.ComponentResourceOptions;
}

/** The analysis layer on a Kubernetes; its outputs are where its users go. */
export function createAnalysisLayer(request: Omit<AnalysisLayer, "options">): Record<string, unknown> {
  const layer = { ...request, options: { providers: [request.target.provider] } };
  const { config } = layer;
  const spark = config.spark && createSpark(layer, config.spark);
  const data = config.data && createData(layer, config.data, spark);
  const hub = config.hub && createHub(layer, config.hub, data);
  const runs = createRuns(layer, spark, data);
  return {
    ...(spark && { sparkNamespaces: spark.namespaces, historyUrl: spark.historyUrl }),
    ...(data && { storageClasses: { cvmfs: data.cvmfsClass, eos: data.eosClass } }),
    ...(hub && { hubUrl: hub.url, hubPassword: hub.sharedPassword }),
    ...(Object.keys(runs).length > 0 && { analyses: runs }),
  };
}

function createSpark(
  { config, target, options }: AnalysisLayer,
  spark: NonNullable<AnalysisConfig["spark"]>,
): SparkPlatform {
  const { credentials } = spark;
  const args = sparkPlatformArgs(spark, target.apiServer);
  return new SparkPlatform(
    "spark",
    { ...args, charts: config.charts, credentials: credentials && storeCredentials(credentials) },
    options,
  );
}

function createHub(
  { config, options }: AnalysisLayer,
  hub: NonNullable<AnalysisConfig["hub"]>,
  data: DataLayer | undefined,
): Hub {
  const { oidc } = hub.login;
  const created = new Hub(
    "hub",
    {
      settings: { ...hub, login: { ...hub.login, oidc: oidc && withoutSecret(oidc) } },
      oidcClientSecret: oidc && pulumi.secret(oidc.clientSecret),
      cvmfsClass: data?.cvmfsClass,
      eosClass: data?.eosClass,
      eosCredential: config.data?.eos && eosCredential(config.data.eos),
      source: config.charts,
    },
    options,
  );
  const { servers, executors } = created.namespaces;
  data?.keepToken("hub-eos-token", servers);
  if (executors !== undefined) data?.keepToken("hub-executors-eos-token", executors);
  return created;
}

function withoutSecret<T extends { clientSecret: string }>({ clientSecret, ...rest }: T) {
  return rest;
}
