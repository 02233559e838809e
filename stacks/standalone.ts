import * as pulumi from "@pulumi/pulumi";

import { StandaloneSpark } from "../components/analysis/spark/StandaloneSpark";
import { standaloneSparkArgs } from "./config/analysis/spark";
import type { AnalysisConfig } from "./config/schema";

/** Spark's own cluster, on the Docker that the options' provider leads to; nothing where none is configured. */
export function createStandalone(
  config: AnalysisConfig | undefined,
  owner: string,
  options: pulumi.ComponentResourceOptions,
): Record<string, unknown> {
  if (config?.standalone === undefined) return {};
  const args = standaloneSparkArgs(config.standalone, owner);
  const { credentials } = args;
  const spark = new StandaloneSpark(
    "spark",
    {
      ...args,
      credentials: credentials && {
        accessKey: pulumi.secret(credentials.accessKey),
        secretKey: pulumi.secret(credentials.secretKey),
      },
    },
    options,
  );
  const { masterUrl, networkName, clientProperties } = spark;
  return { standaloneSpark: { masterUrl, networkName, clientProperties } };
}
