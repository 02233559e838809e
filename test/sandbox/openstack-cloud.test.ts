import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { type CloudClient, CloudError } from "../../components/cloud/client";
import { sandboxEnv } from "../../tools/sandbox/openstack";
import { connectCloud } from "../../tools/workspace/cloud";
import { CHECKOUT } from "../../tools/workspace/workspace";

const name = `test-${process.pid}-cloud`;
const command = join(CHECKOUT, "sandbox/openstack/sandbox");

const sandbox = (...args: string[]) => execa(command, [...args, "--name", name], { reject: false, all: true });

async function expectUp(): Promise<void> {
  const result = await sandbox("up");
  expect(result.exitCode, result.all).toBe(0);
}

/** A client of the project's user, or of the administrator. */
async function clientOf(cloud = "sandbox"): Promise<CloudClient> {
  return connectCloud({ dir: "", stack: "", env: { ...(await sandboxEnv(name)), OS_CLOUD: cloud } });
}

/** The HTTP status of an answer, whether it is an error or not. */
async function statusOf(answer: Promise<number>): Promise<number> {
  return answer.catch((error: unknown) => {
    if (error instanceof CloudError) return error.status;
    throw error;
  });
}

/** Processes that carry the sandbox's folder in their environment, as all of its do. */
function processesOfSandbox(): string[] {
  const folder = process.env["FABRIC_SANDBOX_HOME"] ?? join(CHECKOUT, ".sandbox");
  return readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`FABRIC_INSTANCE=${join(folder, name)}`);
    } catch {
      return false;
    }
  });
}

const named = z.array(z.object({ id: z.string(), name: z.string(), status: z.string().optional() }));

/** The id of the network that the first test creates. */
async function networkOf(client: CloudClient): Promise<string | undefined> {
  const { networks } = await client.get("network", "/networks?name=one", z.object({ networks: named }));
  return networks[0]?.id;
}

async function createServer(client: CloudClient): Promise<number> {
  const { flavors } = await client.get("compute", "/flavors", z.object({ flavors: named }));
  const { images } = await client.get("image", "/images?name=cirros", z.object({ images: named }));
  const flavorRef = flavors.find((flavor) => flavor.name === "m1.tiny")?.id;
  return client.send("POST", "compute", "/servers", {
    server: { name: "survivor", flavorRef, imageRef: images[0]?.id, networks: [{ uuid: await networkOf(client) }] },
  });
}

async function survivor(client: CloudClient): Promise<string | undefined> {
  const { servers } = await client.get("compute", "/servers/detail?name=survivor", z.object({ servers: named }));
  return servers[0]?.status;
}

describe("the cloud in a sandbox", () => {
  beforeAll(expectUp);
  afterAll(() => sandbox("down", "--delete"));

  it("refuses a network beyond the project's quota, and takes it once the administrator has raised that", async () => {
    const client = await clientOf();
    const admin = await clientOf("sandbox-admin");
    const setQuota = (network: number) =>
      admin.send("PUT", "network", `/quotas/${client.projectId}`, { quota: { network } });
    const create = () => statusOf(client.send("POST", "network", "/networks", { network: { name: "one" } }));
    await setQuota(0);
    expect(await create()).toBe(409);
    await setQuota(1);
    expect(await create()).toBe(201);
    expect(await create()).toBe(409);
    const subnet = { network_id: await networkOf(client), ip_version: 4, cidr: "10.1.0.0/24" };
    expect(await client.send("POST", "network", "/subnets", { subnet })).toBe(201);
  });

  it("refuses a server beyond the project's quota", async () => {
    const client = await clientOf();
    const admin = await clientOf("sandbox-admin");
    const setQuota = (instances: number) =>
      admin.send("PUT", "compute", `/os-quota-sets/${client.projectId}`, { quota_set: { instances } });
    await setQuota(0);
    expect(await statusOf(createServer(client))).toBe(403);
    await setQuota(10);
  });

  it("keeps its servers when it goes down and comes up again, and can stop them then", async () => {
    expect(await createServer(await clientOf())).toBe(202);
    const before = await clientOf();
    await expect.poll(() => survivor(before), { timeout: 60_000 }).toBe("ACTIVE");
    expect((await sandbox("down")).exitCode).toBe(0);
    expect(processesOfSandbox()).toEqual([]);
    await expectUp();
    const client = await clientOf();
    expect(await survivor(client)).toBe("ACTIVE");
    const { servers } = await client.get("compute", "/servers?name=survivor", z.object({ servers: named }));
    await client.send("POST", "compute", `/servers/${servers[0]?.id ?? ""}/action`, { "os-stop": null });
    await expect.poll(() => survivor(client), { timeout: 30_000 }).toBe("SHUTOFF");
  });

  it("removes a server whose floating IP is still associated, without waiting for a lock", async () => {
    const client = await clientOf();
    const idOf = async (kind: string, query: string) =>
      (await client.get("network", `/${kind}?${query}`, z.record(z.string(), z.array(z.object({ id: z.string() })))))[kind]?.[0]?.id;
    const external = await idOf("networks", "name=public");
    await client.send("POST", "network", "/routers", {
      router: { name: "way-out", external_gateway_info: { network_id: external } },
    });
    const subnet_id = await idOf("subnets", `network_id=${(await networkOf(client)) ?? ""}`);
    await client.send("PUT", "network", `/routers/${(await idOf("routers", "name=way-out")) ?? ""}/add_router_interface`, {
      subnet_id,
    });
    const port_id = await idOf("ports", "device_owner=compute:nova");
    await client.send("POST", "network", "/floatingips", { floatingip: { floating_network_id: external, port_id } });
    const { servers } = await client.get("compute", "/servers?name=survivor", z.object({ servers: named }));
    await client.send("DELETE", "compute", `/servers/${servers[0]?.id ?? ""}`);
    await expect.poll(() => survivor(client), { timeout: 30_000 }).toBeUndefined();
  });

  it("comes up after its supervisor was killed at any moment of a start, and leaves nothing behind", async () => {
    for (const moment of [300, 1_000, 3_000]) {
      await sandbox("down");
      const killed = execa(command, ["up", "--name", name], { reject: false });
      await new Promise((resolve) => setTimeout(resolve, moment));
      killed.kill("SIGKILL");
      await killed;
    }
    await expectUp();
    expect((await sandbox("status")).exitCode).toBe(0);
    const down = await sandbox("down");
    expect(down.all).toContain("nothing listens");
    expect(processesOfSandbox()).toEqual([]);
  });
});
