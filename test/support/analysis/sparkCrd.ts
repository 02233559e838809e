import { join } from "node:path";

import { pythonEnv } from "../pythonEnv";

/** The operator's own types for Python, of the operator's 2.4; the fields that we use are the same in 2.5. */
const MODELS = "kubeflow-spark-api==2.4.0";

/** What they need, pinned. */
const CONSTRAINTS = ["pydantic==2.14.4"];

/** A CustomResourceDefinition of apiextensions v1. */
export interface CustomResourceDefinition {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: { group: string; names: { kind: string; plural: string }; versions: { name: string }[] };
}

/** CRDs of SparkApplication and ScheduledSparkApplication, from the operator's published types. */
export async function sparkCrds(): Promise<CustomResourceDefinition[]> {
  const env = await pythonEnv("spark-crd", [MODELS], { constraints: CONSTRAINTS });
  return JSON.parse(await env.run([join(__dirname, "spark_crd.py")])) as CustomResourceDefinition[];
}
