import { z } from "zod";

const resourceSchema = z.looseObject({ type: z.string(), urn: z.string(), custom: z.boolean().optional() });
const stateSchema = z.looseObject({ deployment: z.looseObject({ resources: z.array(resourceSchema).default([]) }) });

/** What people call the resources that they care about; the rest is counted together. */
const KINDS: Readonly<Record<string, string>> = {
  "openstack:networking/network:Network": "network",
  "openstack:networking/subnet:Subnet": "subnets",
  "openstack:networking/router:Router": "router",
  "openstack:networking/secGroup:SecGroup": "security groups",
  "openstack:networking/port:Port": "ports",
  "openstack:blockstorage/volume:Volume": "volumes",
  "openstack:compute/instance:Instance": "servers",
  "openstack:containerinfra/clusterTemplate:ClusterTemplate": "cluster templates",
  "openstack:containerinfra/cluster:Cluster": "clusters",
};

/** Counts a state's resources by kind: `3 subnets, 8 servers, … and 40 more`. */
export function summarizeState(exported: unknown): string {
  const { deployment } = stateSchema.parse(exported);
  const real = deployment.resources.filter((resource) => resource.custom === true && !resource.type.startsWith("pulumi:"));
  const counts = Object.entries(KINDS).map(([type, kind]): [string, number] => [kind, real.filter((r) => r.type === type).length]);
  const named = counts.filter(([, count]) => count > 0);
  const rest = real.length - named.reduce((sum, [, count]) => sum + count, 0);
  return `${real.length} resources: ${named.map(([kind, count]) => `${count} ${count === 1 ? kind.replace(/s$/, "") : kind}`).join(", ")}, and ${rest} more (rules, keys, certificates)`;
}

/** Outputs as indented lines; secrets come masked from the engine and stay so. */
export function formatOutputs(outputs: unknown, indent = "  "): string[] {
  if (typeof outputs !== "object" || outputs === null) return [];
  return Object.entries(outputs).flatMap(([key, value]: [string, unknown]) => {
    if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return [`${indent}${key}: ${value.join(", ")}`];
    if (typeof value === "object" && value !== null) return [`${indent}${key}:`, ...formatOutputs(value, `${indent}  `)];
    const text = String(value);
    return [`${indent}${key}: ${text.includes("\n") ? `${text.split("\n")[0] ?? ""} …` : text}`];
  });
}
