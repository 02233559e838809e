import { UserError } from "../errors";

export interface KubernetesVersion {
  major: number;
  minor: number;
  patch: number;
}

/** Reads a `kube_tag`, such as `v1.28.9-rancher1`; what follows the patch is the distribution's. */
export function parseKubeTag(tag: string, field: string): KubernetesVersion {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+].+)?$/.exec(tag);
  if (match === null) {
    throw new UserError(`\`${field}\` must be a Kubernetes version such as v1.28.9-rancher1, got "${tag}".`);
  }
  return { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}
