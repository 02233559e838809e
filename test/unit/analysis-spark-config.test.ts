import { describe, expect, it } from "vitest";

import { SparkPlatform } from "../../components/analysis/spark/SparkPlatform";
import { StandaloneSpark } from "../../components/analysis/spark/StandaloneSpark";
import {
  sparkPlatformArgs,
  sparkSchema,
  standaloneSparkArgs,
  standaloneSparkSchema,
} from "../../stacks/config/analysis/spark";
import { graphOf } from "../support/graph";

const apiServer = { cidrs: ["10.254.0.1/32"] };

describe("the configuration of Spark", () => {
  it("needs nothing but a namespace", async () => {
    const config = sparkSchema.parse({ namespaces: { physics: {} } });
    expect(config).toMatchObject({ systemNamespace: "spark-system", operator: { install: true, workers: 10 } });
    const graph = await graphOf(() => new SparkPlatform("spark", sparkPlatformArgs(config, apiServer)));
    expect(graph.filter(({ type }) => type.endsWith(":Namespace")).map(({ name }) => name)).toEqual([
      ...["spark-physics", "spark-system"],
    ]);
  });

  it.each([
    [{ namespaces: {} }, /at least one namespace/],
    [{ namespaces: { physics: { quota: { pods: "many" } } } }, /a quantity such as/],
    [{ namespaces: { physics: {} }, store: { endpoint: "http://s3" } }, /an https URL/],
    [{ namespaces: { physics: {} }, history: { image: "spark" } }, /with a tag or digest/],
    [{ namespaces: { physics: {} }, egress: [{ name: "eos", cidrs: [], ports: [1094] }] }, /cidrs/],
    [{ namespaces: { physics: {} }, operators: {} }, /operators/],
  ])("refuses %j", (config, message) => {
    expect(sparkSchema.safeParse(config).error?.message).toMatch(message);
  });

  it("makes a standalone cluster, and publishes on loopback only", async () => {
    const config = standaloneSparkSchema.parse({ on: "host", publish: { master: 28_080 } });
    const graph = await graphOf(() => new StandaloneSpark("spark", standaloneSparkArgs(config, "stack")));
    expect(graph.filter(({ type }) => type.includes(":Container")).map(({ name }) => name)).toEqual([
      ...["spark-history", "spark-master", "spark-worker-01", "spark-worker-02"],
    ]);
    expect(standaloneSparkSchema.safeParse({ on: "host", publish: { ip: "0.0.0.0" } }).success).toBe(false);
  });
});
