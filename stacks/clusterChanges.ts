import { describeReplacements, type ExistingCluster, findReplacements } from "../components/clusters/replacements";
import type { TemplatePlan } from "../components/clusters/templatePlan";
import { planUpgrade, requireOneStep } from "../components/clusters/upgrade";
import type { ClusterPlan } from "./clustersPlan";
import type { ClusterConfig } from "./config/clusters";

export interface ClusterChangeRequest {
  plan: ClusterPlan;
  config: ClusterConfig;
  template: TemplatePlan;
  keyPair?: string;
  /** As Magnum has it; nothing where it is to be made. */
  existing?: ExistingCluster;
}

/**
 * What an update will do to a cluster that people do not expect from the words of their change: that it replaces it,
 * or that it leaves it on its template.
 * @throws UserError where an upgrade is asked for that is not possible.
 */
export function clusterChanges({ plan, config, template, keyPair, existing }: ClusterChangeRequest): string[] {
  if (existing === undefined) return [];
  const { masters, labels } = plan;
  // Magnum says the template's size where the cluster has none of its own.
  const planned = { masters, keyPair, dockerVolumeSize: config.dockerVolumeSize, labels };
  const replaced = findReplacements(existing, planned);
  if (replaced.length > 0) return [describeReplacements(plan.key, replaced)];
  return existing.templateName === template.name ? [] : templateChange({ plan, config, template, existing });
}

function templateChange({
  plan,
  config,
  template,
  existing,
}: ClusterChangeRequest & { existing: ExistingCluster }): string[] {
  const { key } = plan;
  if (config.upgrade === "keep") {
    return [
      `clusters.clusters.${key} stays on template ${existing.templateName}; new clusters take ${template.name}. ` +
        `To move it, set \`upgrade: in-place\` where the driver can, or another \`generation\`, which makes a new cluster before the old one goes.`,
    ];
  }
  const [from, to] = [existing.labels["kube_tag"], template.labels["kube_tag"]];
  if (from === undefined || to === undefined) return [];
  const request = { key, status: existing.status, from, to, inPlace: true } as const;
  requireOneStep(planUpgrade(request), request);
  return [];
}
