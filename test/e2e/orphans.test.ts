import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import type { Service } from "../../components/cloud/catalog";
import type { CloudClient } from "../../components/cloud/client";
import { extra, type Listing, listCloud } from "../../tools/sandbox/listing";
import { removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { clientOf, userCloud } from "../support/sandbox/cloud";
import { CLUSTERS, makeStack, NETWORK, reconfigure, up } from "./support/stack";
import { runTool, startTool } from "./support/tool";

const network = { cloud: { release: "2026.1" }, network: { ...NETWORK, zones: ["az-1"] } };
/** What the stack's cluster is called; it was deleted, and left its remains. */
const CLUSTER = "orph-trial";
const FOREIGN = "elsewhere";
const TEXT = "Kubernetes external service default/web from cluster";

const idSchema = z.object({ id: z.string() });

/** Creates something by an API and gives its id. */
async function create(
  client: CloudClient,
  service: Service,
  path: string,
  key: string,
  body: Record<string, unknown>,
): Promise<string> {
  const answer = await client.ask(service, path, { [key]: body }, z.looseObject({ [key]: idSchema }));
  return (answer[key] as { id: string }).id;
}

describe("a stack whose clusters left load balancers behind", () => {
  let stack: Workspace;
  let client: CloudClient;
  let networkId: string;
  let foreign: { address: string; balancer: string; volume: string };
  let before: Listing;
  let seeded: Listing;

  const firstId = async (path: string, key: string) => {
    const answer = await client.get("network", path, z.looseObject({ [key]: z.array(idSchema) }));
    return (answer[key] as { id: string }[])[0]?.id ?? "";
  };

  /** A load balancer as the cloud provider makes it, its VIP's port as Octavia makes it, and a floating IP on that. */
  async function seed(cluster: string, external: string, port: boolean) {
    const balancer = await create(client, "loadBalancer", "/lbaas/loadbalancers", "loadbalancer", {
      name: `kube_service_${cluster}_default_web`,
      description: `${TEXT} ${cluster}`,
      vip_network_id: networkId,
      provider: "amphora",
    });
    const portId = !port
      ? undefined
      : await create(client, "network", "/ports", "port", {
          name: `octavia-lb-${balancer}`,
          network_id: networkId,
          device_owner: "Octavia",
          device_id: `lb-${balancer}`,
        });
    const address = await create(client, "network", "/floatingips", "floatingip", {
      floating_network_id: external,
      port_id: portId,
      description: `Floating IP for ${TEXT} ${cluster}`,
    });
    const volume = await create(client, "volume", "/volumes", "volume", {
      name: `pvc-${crypto.randomUUID()}`,
      size: 1,
      metadata: { "cinder.csi.openstack.org/cluster": cluster },
    });
    return { balancer, address, volume };
  }

  beforeAll(async () => {
    client = await clientOf();
    stack = await makeStack("orph", network, await userCloud());
    const external = await firstId("/networks?router:external=true", "networks");
    networkId = "";
    before = await listCloud(stack);
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    networkId = await firstId("/networks?name=orph-net", "networks");
    await seed(CLUSTER, external, true);
    await create(client, "network", "/security-groups", "security_group", {
      name: "lb-sg-1b4e28ba-2fa1-11ec-8d3d-0242ac130003-default-web",
      description: `Security Group for default/web Service LoadBalancer in cluster ${CLUSTER}`,
    });
    foreign = await seed(FOREIGN, external, false);
    reconfigure(stack, { ...network, clusters: CLUSTERS });
    seeded = await listCloud(stack);
  });
  afterAll(async () => {
    await client.send("DELETE", "loadBalancer", `/lbaas/loadbalancers/${foreign.balancer}?cascade=true`);
    await client.send("DELETE", "network", `/floatingips/${foreign.address}`);
    await client.send("DELETE", "volume", `/volumes/${foreign.volume}`);
    removeWorkspace(stack);
  });

  const kindsOf = (listing: Listing) =>
    extra(listing, before)
      .map((item) => item.split(":")[0])
      .sort();

  it("cannot lose its network while they are there", async () => {
    await expect(client.send("DELETE", "network", `/networks/${networkId}`)).rejects.toThrow(/409/);
  });

  it("shows them, and changes nothing without --yes", async () => {
    const { exitCode, output } = await runTool(stack, "orphans");
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/load balancer\s+│ kube_service_orph-trial_default_web/);
    expect(output).toMatch(/floating IP[^]*port\s+│ octavia-lb-[^]*security group\s+│ lb-sg-/);
    expect(output).toMatch(/Persistent volumes hold data and stay:[^]*pvc-/);
    expect(output).toMatch(/dry run/);
    const removed = output.slice(output.indexOf("To be removed"), output.indexOf("Persistent volumes"));
    expect(removed).toContain(CLUSTER);
    expect(removed).not.toContain(FOREIGN);
    expect(await listCloud(stack)).toEqual(seeded);
  });

  it("goes with its network when the tool was killed half-way and is run again; foreign things and data survive", async () => {
    const killed = startTool(stack, "orphans", "--yes");
    for await (const line of killed) if (String(line).includes("removed load balancer")) killed.kill("SIGKILL");
    expect((await killed).signal).toBe("SIGKILL");
    const { exitCode, output } = await runTool(stack, "orphans", "--yes", "--then-destroy");
    expect(exitCode, output).toBe(0);
    const left = extra(await listCloud(stack), before);
    expect(left.filter((item) => item.includes("orph-"))).toEqual([]);
    expect(left.filter((item) => item.includes(foreign.address))).toHaveLength(1);
    expect(left.filter((item) => item.includes(foreign.balancer))).toHaveLength(1);
    expect(kindsOf(await listCloud(stack))).toEqual(["floating IPs", "load balancers", "volumes", "volumes"]);
  });

  it("loses its clusters' volumes only when that is asked for", async () => {
    const { exitCode, output } = await runTool(stack, "orphans", "--yes", "--volumes");
    expect(exitCode, output).toBe(0);
    const volumes = extra(await listCloud(stack), before).filter((item) => item.startsWith("volumes:"));
    expect(volumes).toEqual([expect.stringContaining(foreign.volume)]);
  });
});
