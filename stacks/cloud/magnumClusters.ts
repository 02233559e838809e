import { z } from "zod";

import type { CloudClient } from "../../components/cloud/client";
import type { ExistingCluster } from "../../components/clusters/replacements";

const labels = z.record(z.string(), z.coerce.string()).nullish();
const clusterShape = z.looseObject({
  name: z.string(),
  status: z.string(),
  cluster_template_id: z.string(),
  master_count: z.number().nullish(),
  keypair: z.string().nullish(),
  flavor_id: z.string().nullish(),
  master_flavor_id: z.string().nullish(),
  docker_volume_size: z.number().nullish(),
  floating_ip_enabled: z.boolean().nullish(),
  fixed_network: z.string().nullish(),
  fixed_subnet: z.string().nullish(),
  labels,
  labels_added: labels,
  labels_overridden: labels,
});
const listShape = z.object({
  clusters: z.array(z.object({ uuid: z.string(), name: z.string(), cluster_template_id: z.string() })),
});
const templatesShape = z.object({ clustertemplates: z.array(z.object({ uuid: z.string(), name: z.string() })) });

/** What Magnum has already, as far as an update depends on it. */
export interface MagnumState {
  /** The stack's clusters by their names in Magnum. */
  clusters: ReadonlyMap<string, ExistingCluster>;
  /** Names of templates that a cluster of the project uses. */
  templatesInUse: readonly string[];
}

export const NO_CLUSTERS: MagnumState = { clusters: new Map(), templatesInUse: [] };

/** Reads the clusters of a stack, and which templates the project's clusters use. */
export async function readMagnum(client: CloudClient, names: readonly string[]): Promise<MagnumState> {
  if (!client.has("containerInfra")) return NO_CLUSTERS;
  const [{ clusters }, { clustertemplates }] = await Promise.all([
    client.get("containerInfra", "/clusters", listShape),
    client.get("containerInfra", "/clustertemplates", templatesShape),
  ]);
  const templateNames = new Map(clustertemplates.map(({ uuid, name }) => [uuid, name]));
  const ours = clusters.filter(({ name }) => names.includes(name));
  const details = await Promise.all(
    ours.map(({ uuid }) => client.get("containerInfra", `/clusters/${uuid}`, clusterShape)),
  );
  return {
    clusters: new Map(details.map((found) => [found.name, existing(found, templateNames)])),
    templatesInUse: clusters.flatMap((found) => templateNames.get(found.cluster_template_id) ?? []),
  };
}

function existing(found: z.output<typeof clusterShape>, templates: ReadonlyMap<string, string>): ExistingCluster {
  return {
    name: found.name,
    templateName: templates.get(found.cluster_template_id) ?? found.cluster_template_id,
    status: found.status,
    masters: found.master_count ?? 0,
    keyPair: found.keypair ?? undefined,
    flavor: found.flavor_id ?? undefined,
    masterFlavor: found.master_flavor_id ?? undefined,
    floatingIps: found.floating_ip_enabled ?? undefined,
    dockerVolumeSize: found.docker_volume_size ?? undefined,
    fixedNetwork: found.fixed_network ?? undefined,
    fixedSubnet: found.fixed_subnet ?? undefined,
    labels: found.labels ?? {},
    ownLabels: [...Object.keys(found.labels_added ?? {}), ...Object.keys(found.labels_overridden ?? {})],
  };
}
