import { labelTable } from "../components/clusters/labels";
import {
  describeKept,
  describeReplacements,
  type ExistingCluster,
  findReplacements,
} from "../components/clusters/replacements";
import type { TemplatePlan } from "../components/clusters/templatePlan";
import { planUpgrade, requireComplete, requireOneStep } from "../components/clusters/upgrade";
import type { Release } from "../components/releases";
import type { ClusterPlan } from "./clustersPlan";
import type { ClusterConfig } from "./config/clusters";

export interface ClusterChangeRequest {
  plan: ClusterPlan;
  config: ClusterConfig;
  template: TemplatePlan;
  release: Release;
  keyPair?: string;
  /** As Magnum has it; nothing where it is to be made. */
  existing?: ExistingCluster;
}

/**
 * What an update will do to a cluster that people do not expect from the words of their change: that it replaces it,
 * or that it leaves it on its template.
 * @throws UserError where an upgrade is asked for that is not possible.
 */
export function clusterChanges(request: ClusterChangeRequest): string[] {
  const { plan, config, keyPair, template, existing } = request;
  if (existing === undefined) return [];
  const { masters, labels, floatingIps } = plan;
  const { flavor, masterFlavor, dockerVolumeSize, upgrade } = config;
  // What the cluster itself is given: Magnum says the template's values where it has none of its own.
  const given = { masters, keyPair, flavor, masterFlavor, dockerVolumeSize, floatingIps };
  const replaced = findReplacements(existing, { ...given, ...(upgrade === "keep" && { labels }) });
  if (replaced.length > 0) return [describeReplacements(plan.key, replaced)];
  const onTemplate = existing.templateName === template.name;
  return [
    ...describeKept(plan.key, existing, {
      ...(onTemplate && valuesOf(request)),
      ...(upgrade === "in-place" && { labels }),
    }),
    ...(onTemplate ? [] : templateChange({ ...request, existing })),
  ];
}

/** What a cluster made now would have. */
function valuesOf({ plan, template, keyPair = template.keyPair }: ClusterChangeRequest) {
  const { flavor, masterFlavor, dockerVolumeSize } = plan;
  return { keyPair, flavor, masterFlavor, dockerVolumeSize };
}

function templateChange(request: ClusterChangeRequest & { existing: ExistingCluster }): string[] {
  const { plan, config, template, existing } = request;
  const { key } = plan;
  if (config.upgrade === "keep") {
    return [
      `clusters.clusters.${key} stays on template ${existing.templateName}; new clusters take ${template.name}. ` +
        `To move it, set \`upgrade: in-place\` where the driver can, or another \`generation\`, which makes a new cluster before the old one goes.`,
    ];
  }
  requireComplete(key, existing.status);
  // What Magnum's driver takes where nobody says a version.
  const { fallback } = labelTable(template.driver, request.release)["kube_tag"] ?? {};
  const [from = fallback, to = fallback] = [existing.labels["kube_tag"], template.labels["kube_tag"]];
  if (from === undefined || to === undefined) return [];
  const upgrade = { key, status: existing.status, from, to, inPlace: true } as const;
  requireOneStep(planUpgrade(upgrade), upgrade);
  return [];
}
