import { UserError } from "../errors";

/** Quotas of one project; what is not given stays as the cloud has it. -1 means no limit. All in place. */
export interface TenantQuotas {
  instances?: number;
  /** Virtual processors. */
  cores?: number;
  /** Memory of servers in MiB. */
  ramMib?: number;
  serverGroups?: number;
  volumes?: number;
  /** Volumes' sizes together, in GiB. */
  volumeGib?: number;
  networks?: number;
  subnets?: number;
  routers?: number;
  ports?: number;
  floatingIps?: number;
  securityGroups?: number;
  securityGroupRules?: number;
  loadBalancers?: number;
  listeners?: number;
  pools?: number;
  healthMonitors?: number;
  poolMembers?: number;
}

/** The services that keep quotas, with each one's own name for them; empty ones are left out. */
export type QuotasByService = Partial<
  Record<"compute" | "volume" | "network" | "loadBalancer", Record<string, number>>
>;

/** Which service keeps what, and under which name the provider has it. */
const KEEPERS: Readonly<Record<keyof TenantQuotas, readonly [keyof QuotasByService, string]>> = {
  instances: ["compute", "instances"],
  cores: ["compute", "cores"],
  ramMib: ["compute", "ram"],
  serverGroups: ["compute", "serverGroups"],
  volumes: ["volume", "volumes"],
  volumeGib: ["volume", "gigabytes"],
  networks: ["network", "network"],
  subnets: ["network", "subnet"],
  routers: ["network", "router"],
  ports: ["network", "port"],
  floatingIps: ["network", "floatingip"],
  securityGroups: ["network", "securityGroup"],
  securityGroupRules: ["network", "securityGroupRule"],
  loadBalancers: ["loadBalancer", "loadbalancer"],
  listeners: ["loadBalancer", "listener"],
  pools: ["loadBalancer", "pool"],
  healthMonitors: ["loadBalancer", "healthMonitor"],
  poolMembers: ["loadBalancer", "member"],
};

/** Sorts a project's quotas by the service that keeps them; refuses what no service would take. */
export function quotasByService(quotas: TenantQuotas): QuotasByService {
  const findings: string[] = [];
  const sorted: QuotasByService = {};
  for (const [name, value] of Object.entries(quotas) as [string, number | undefined][]) {
    if (value === undefined) continue;
    const keeper = KEEPERS[name as keyof TenantQuotas] as (typeof KEEPERS)[keyof TenantQuotas] | undefined;
    if (keeper === undefined) findings.push(unknownQuota(name));
    else if (!Number.isInteger(value) || value < -1) {
      findings.push(`\`quotas.${name}\` must be a whole number, or -1 for no limit, got ${value}.`);
    } else sorted[keeper[0]] = { ...sorted[keeper[0]], [keeper[1]]: value };
  }
  if (findings.length > 0) throw UserError.all(findings);
  return sorted;
}

function unknownQuota(name: string): string {
  if (name === "clusters") {
    return (
      "`quotas.clusters` cannot be set: @pulumi/openstack 3.15.2 has no resource for Magnum's quota. An administrator sets it: " +
      "`openstack coe quotas create --project-id <id> --resource Cluster --hard-limit <n>`."
    );
  }
  return `\`quotas.${name}\` is not known. Known: ${Object.keys(KEEPERS).join(", ")}.`;
}
