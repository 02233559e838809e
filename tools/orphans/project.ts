import { z } from "zod";

import type { Service } from "../../components/cloud/catalog";
import type { CloudClient } from "../../components/cloud/client";
import type { Owner, ProjectListing } from "../../components/clusters/orphans";
import { ownerTag } from "../../components/names";
import type { PlannedStack } from "../workspace/plan";
import { failOn, pulumi, type Workspace } from "../workspace/workspace";

const text = z.string().nullish();
const balancer = z.object({
  id: z.string(),
  name: z.string(),
  description: text,
  provisioning_status: z.string(),
  vip_network_id: text,
  vip_port_id: text,
});
const floatingIp = z.object({ id: z.string(), floating_ip_address: z.string(), description: text, port_id: text });
const port = z.object({
  id: z.string(),
  name: z.string(),
  network_id: z.string(),
  device_owner: z.string(),
  device_id: z.string(),
  security_groups: z.array(z.string()).default([]),
});
const group = z.object({ id: z.string(), name: z.string(), description: text });
const volume = z.object({
  id: z.string(),
  name: z.string().nullable(),
  size: z.number(),
  status: z.string(),
  metadata: z.record(z.string(), z.string()).default({}),
  attachments: z.array(z.object({ server_id: z.string() })).default([]),
});

/** Lists the project's load balancers, addresses, ports, security groups and volumes, side by side. */
export async function readProject(client: CloudClient): Promise<ProjectListing> {
  const own = `project_id=${client.projectId}`;
  const [loadBalancers, floatingIps, ports, securityGroups, volumes] = await Promise.all([
    list(client, "loadBalancer", `/lbaas/loadbalancers?${own}`, "loadbalancers", balancer),
    list(client, "network", `/floatingips?${own}`, "floatingips", floatingIp),
    list(client, "network", `/ports?${own}`, "ports", port),
    list(client, "network", `/security-groups?${own}`, "security_groups", group),
    list(client, "volume", "/volumes/detail", "volumes", volume),
  ]);
  return { loadBalancers, floatingIps, ports, securityGroups, volumes };
}

async function list<T>(
  client: CloudClient,
  service: Service,
  path: string,
  key: string,
  item: z.ZodType<T>,
): Promise<T[]> {
  if (!client.has(service)) return [];
  const answer = await client.get(service, path, z.looseObject({ [key]: z.array(item) }));
  return answer[key] as T[];
}

const clusterSchema = z.object({ uuid: z.string(), name: z.string(), stack_id: text });
const resourceSchema = z.looseObject({
  type: z.string(),
  id: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
const stateSchema = z.object({
  deployment: z.object({ resources: z.array(resourceSchema).nullish() }),
});
/** The stack's own outputs outlive its clusters in a destroy that failed half-way. */
const stackOutputSchema = z.object({ clusters: z.record(z.string(), z.object({ id: z.string() })) });

/** Everything that the stack's clusters may be called, and its networks: by its configuration, its state and the cloud. */
export async function ownerOf(
  client: CloudClient,
  workspace: Workspace,
  { plan, owner }: PlannedStack,
  further: readonly string[],
): Promise<Owner> {
  const state = await readState(workspace);
  const names = new Set([...plan.clusters.map(({ name }) => name), ...further, ...state.clusters]);
  const clusters = await list(client, "containerInfra", "/clusters", "clusters", clusterSchema);
  for (const { uuid, name, stack_id: stackId } of clusters) {
    if (names.has(name) || names.has(uuid)) for (const id of [uuid, name, stackId]) if (id) names.add(id);
  }
  const tagged = `/networks?tags=${encodeURIComponent(ownerTag(owner))}&fields=id`;
  const networks = await list(client, "network", tagged, "networks", z.object({ id: z.string() }));
  return { clusters: names, networks: new Set([...networks.map(({ id }) => id), ...state.networks]) };
}

async function readState(workspace: Workspace): Promise<{ clusters: string[]; networks: string[] }> {
  const result = await pulumi(workspace, ["stack", "export"]);
  if (result.exitCode !== 0 && /no stack named/.test(String(result.stderr))) return { clusters: [], networks: [] };
  failOn(result, "pulumi stack export");
  const resources = stateSchema.parse(JSON.parse(String(result.stdout))).deployment.resources ?? [];
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const clusters = ofType("openstack:containerinfra/cluster:Cluster").flatMap(({ id, outputs }) => [
    ...[id, outputs["name"], outputs["stackId"]].filter(
      (name): name is string => typeof name === "string" && name !== "",
    ),
  ]);
  const outputs = ofType("pulumi:pulumi:Stack").flatMap((resource) => {
    const parsed = stackOutputSchema.safeParse(resource.outputs);
    return parsed.success ? Object.values(parsed.data.clusters).map(({ id }) => id) : [];
  });
  const networks = ofType("openstack:networking/network:Network").flatMap(({ id }) => id ?? []);
  return { clusters: [...clusters, ...outputs], networks };
}
