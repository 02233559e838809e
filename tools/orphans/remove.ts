import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import type { Service } from "../../components/cloud/catalog";
import { type CloudClient, CloudError } from "../../components/cloud/client";
import type { LoadBalancer, Orphans, Volume } from "../../components/clusters/orphans";

/** How long one thing may take to go, in seconds: an amphora's load balancer takes minutes on a busy cloud. */
const REMOVAL_TIMEOUT_S = 900;
const POLL_MS = 500;

/** Says what has gone. */
export type Say = (what: string) => void;

/**
 * Removes what clusters left behind: load balancers with all that is in them, then addresses, ports, security groups,
 * and last the volumes that were chosen. What is gone already is no error, so that it can be begun again at any point.
 */
export async function removeOrphans(
  client: CloudClient,
  orphans: Orphans,
  volumes: readonly Volume[],
  say: Say,
): Promise<void> {
  // One after the other: Octavia's workers are few, and a half-way stop leaves little half-done.
  for (const balancer of orphans.loadBalancers) {
    await removeBalancer(client, balancer);
    say(`load balancer ${balancer.name}`);
  }
  for (const { id, floating_ip_address: ip } of orphans.floatingIps) {
    await remove(client, "network", `/floatingips/${id}`);
    say(`floating IP ${ip}`);
  }
  for (const { id, name } of orphans.ports) {
    await remove(client, "network", `/ports/${id}`);
    say(`port ${name}`);
  }
  for (const { id, name } of orphans.securityGroups) {
    await takeOff(client, id);
    await remove(client, "network", `/security-groups/${id}`);
    say(`security group ${name}`);
  }
  for (const volume of volumes) {
    await removeVolume(client, volume);
    say(`volume ${volume.name ?? volume.id} of ${volume.size} GiB`);
  }
}

/** Takes the load balancer out of service, so that it takes no new connection, and removes it with all that is in it. */
async function removeBalancer(client: CloudClient, { id }: LoadBalancer): Promise<void> {
  const path = `/lbaas/loadbalancers/${id}`;
  const shape = z.object({ loadbalancer: z.object({ provisioning_status: z.string(), admin_state_up: z.boolean() }) });
  const found = (await client.find("loadBalancer", path, shape))?.loadbalancer;
  if (found?.provisioning_status === "ACTIVE" && found.admin_state_up) {
    await client.send("PUT", "loadBalancer", path, { loadbalancer: { admin_state_up: false } });
  }
  // While it changes, Octavia refuses with a 409, and is asked again.
  await remove(client, "loadBalancer", path, "?cascade=true", async () => {
    const status = (await client.find("loadBalancer", path, shape))?.loadbalancer.provisioning_status;
    return status === undefined || status === "DELETED";
  });
}

/** Takes a security group off the ports of nodes that still have it; a group in use cannot be removed. */
async function takeOff(client: CloudClient, group: string): Promise<void> {
  const shape = z.object({ ports: z.array(z.object({ id: z.string(), security_groups: z.array(z.string()) })) });
  const { ports } = await client.get(
    "network",
    `/ports?security_groups=${group}&fields=id&fields=security_groups`,
    shape,
  );
  for (const port of ports) {
    const rest = port.security_groups.filter((id) => id !== group);
    await client.send("PUT", "network", `/ports/${port.id}`, { port: { security_groups: rest } });
  }
}

/** Detaches a volume and removes it with its snapshots. */
async function removeVolume(client: CloudClient, volume: Volume): Promise<void> {
  for (const { server_id: server } of volume.attachments) {
    await client.send("DELETE", "compute", `/servers/${server}/os-volume_attachments/${volume.id}`);
  }
  await remove(client, "volume", `/volumes/${volume.id}`, "?cascade=true");
}

/** Asks for the removal until it is gone: what is busy, and a busy cloud, refuse at first. */
async function remove(
  client: CloudClient,
  service: Service,
  path: string,
  query = "",
  isGone: () => Promise<boolean> = () => absent(client, service, path),
): Promise<void> {
  const deadline = Date.now() + REMOVAL_TIMEOUT_S * 1000;
  let refusal = "";
  while (Date.now() < deadline) {
    const answer = await client.send("DELETE", service, `${path}${query}`).catch(retryable);
    if (answer === 404 || (await isGone())) return;
    if (answer instanceof CloudError) refusal = `: ${answer.message}`;
    await sleep(POLL_MS);
  }
  throw new Error(`${path} is still there after ${REMOVAL_TIMEOUT_S} s${refusal}`);
}

/** Passes on what another try can help with; anything else, such as a 403, is thrown. */
function retryable(error: unknown): CloudError {
  if (error instanceof CloudError && [400, 409, 429, 500, 502, 503, 504].includes(error.status)) return error;
  throw error;
}

async function absent(client: CloudClient, service: Service, path: string): Promise<boolean> {
  return (await client.find(service, path, z.unknown())) === undefined;
}
