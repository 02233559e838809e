import { explainCluster, explainTemplate, type Explanation } from "../../components/clusters/explain";
import { UserError } from "../../components/errors";
import { type ClustersRequest, planClusters } from "../../stacks/clustersPlan";
import { configSource, readSections } from "../../stacks/config/file";
import { parseConfig } from "../../stacks/config/parse";

/** What a stack's clusters layer consists of. */
export interface StackExplanation {
  stack: string;
  release: string;
  templates: Record<string, Explanation>;
  clusters: Record<string, Explanation>;
}

/** Explains the clusters layer of a stack, from its configuration file alone. */
export function explainStack(projectRoot: string, stack: string): StackExplanation {
  const source = configSource(projectRoot, stack);
  const config = parseConfig(readSections(projectRoot, stack), source);
  const layer = config.clusters;
  if (layer === undefined)
    throw new UserError(`${source.file} has no section \`clusters\`: there is nothing to explain.`);
  const { release, prefix = stack } = config.cloud;
  const request: ClustersRequest = { prefix, release, network: config.network, source: source.file };
  const plan = planClusters(layer, request);
  const context = { release, site: layer.site, source: source.file };
  const explained: StackExplanation = { stack, release, templates: {}, clusters: {} };
  for (const [key, template] of Object.entries(plan.templates)) {
    explained.templates[key] = explainTemplate(template, release, layer.site);
  }
  for (const cluster of plan.clusters) {
    const template = plan.templates[cluster.template];
    if (template !== undefined) explained.clusters[cluster.key] = explainCluster(cluster, template, context);
  }
  return located(explained, source.lineOf);
}

/** Adds the line to the source of every value that the stack's file says. */
function located(
  explained: StackExplanation,
  lineOf: (path: readonly PropertyKey[]) => number | undefined = () => undefined,
): StackExplanation {
  const locate = (explanation: Explanation): Explanation => ({
    ...explanation,
    values: explanation.values.map((valued) => {
      const line = valued.field.startsWith("clusters.") ? lineOf(valued.field.split(".")) : undefined;
      return line === undefined ? valued : { ...valued, source: `${valued.source}:${line}` };
    }),
  });
  const all = (record: Record<string, Explanation>) =>
    Object.fromEntries(Object.entries(record).map(([key, explanation]) => [key, locate(explanation)]));
  return { ...explained, templates: all(explained.templates), clusters: all(explained.clusters) };
}
