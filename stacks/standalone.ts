import type * as pulumi from "@pulumi/pulumi";

import { StandaloneSpark } from "../components/analysis/spark/StandaloneSpark";
import { standaloneSparkArgs } from "./config/analysis/spark";
import type { AnalysisConfig } from "./config/schema";
import { storeCredentials } from "./storeCredentials";

/** Spark's own cluster, on the Docker that the options' provider leads to; nothing where none is configured. */
export function createStandalone(
  config: AnalysisConfig | undefined,
  owner: string,
  options: pulumi.ComponentResourceOptions,
): Record<string, unknown> {
  if (config?.standalone === undefined) return {};
  const args = standaloneSparkArgs(config.standalone, owner);
  const { credentials } = config.standalone;
  const spark = new StandaloneSpark(
    "spark",
    {
      ...args,
      credentials: credentials && storeCredentials(credentials),
    },
    options,
  );
  const { masterUrl, networkName, clientProperties } = spark;
  return { standaloneSpark: { masterUrl, networkName, clientProperties } };
}
