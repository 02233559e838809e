import { createServer } from "node:net";

import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { type Listing, listCloud } from "../../tools/sandbox/listing";
import { removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { authUrl, clientOf, userCloud } from "../support/sandbox/cloud";
import type { Sections } from "./support/sections";
import { makeStack, MESSAGING, NETWORK, stateOf, up } from "./support/stack";

const cloud = { release: "2026.1" };
const messaging = { ...MESSAGING, mode: "vanilla", rpc: undefined };

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("bad input ends in one clear message, and leaves nothing", () => {
  let stack: Workspace | undefined;
  let user: Record<string, string>;
  let before: Listing;

  beforeAll(async () => {
    user = await userCloud();
    before = await listCloud({ dir: "", stack: "", env: user });
  });
  afterEach(() => {
    if (stack) removeWorkspace(stack);
  });

  /** Expects the update to fail with exactly one error, and the cloud to be as before. */
  async function expectRefusal(sections: Sections, message: RegExp, env = user): Promise<void> {
    stack = await makeStack("bad", sections, env);
    const { exitCode, output } = await up(stack);
    expect(exitCode).not.toBe(0);
    const diagnostics = output.slice(output.indexOf("Diagnostics:"));
    expect(diagnostics).toMatch(message);
    expect(diagnostics.match(/ error: /g)).toHaveLength(1);
    expect(diagnostics).not.toMatch(/\n\s+at .*\.js:\d+/);
    const created = (await stateOf(stack)).resources?.filter(({ type }) => type.startsWith("openstack"));
    expect(created ?? []).toEqual([]);
    expect(await listCloud({ dir: "", stack: "", env: user })).toEqual(before);
  }

  it("wrong types and unknown keys, all at once", () =>
    expectRefusal(
      { cloud: { release: "2026.1", regoin: "x" }, network: { ...NETWORK, zones: "az-1" } },
      /2 problems:[^]*`cloud.regoin` is not known; did you mean `region`[^]*`network.zones` must be a list, got "az-1"/,
    ));

  it("a cloud that cannot be reached", async () => {
    const port = await closedPort();
    const env = {
      OS_AUTH_URL: `http://127.0.0.1:${port}/v3`,
      OS_USERNAME: "u",
      OS_PASSWORD: "p",
      OS_PROJECT_NAME: "p",
    };
    await expectRefusal({ cloud, network: NETWORK }, /cannot be reached: .*ECONNREFUSED.*OS_\* variables/, env);
  });

  it("no cloud at all", () => expectRefusal({ cloud, network: NETWORK }, /No cloud is configured\. Set OS_CLOUD/, {}));

  it("an entry that clouds.yaml does not have", () =>
    expectRefusal(
      { cloud: { ...cloud, name: "nowhere" }, network: NETWORK },
      /"nowhere" is not in .*; it has: sandbox/,
    ));

  it("wrong credentials", async () => {
    const env = { OS_AUTH_URL: await authUrl(), OS_USERNAME: "demo", OS_PASSWORD: "wrong", OS_PROJECT_NAME: "demo" };
    await expectRefusal({ cloud, network: NETWORK }, /refused the credentials of the OS_\* variables: wrong user/, env);
  });

  it("a flavor and an image that do not exist, with the nearest that do", () =>
    expectRefusal(
      {
        cloud,
        network: NETWORK,
        messaging: { ...messaging, broker: { ...messaging.broker, flavor: "m1.smal", image: "debian-13" } },
      },
      /`messaging.broker.flavor`: the cloud has no flavor "m1.smal"\. Did you mean "m1.small"[^]*no image "debian-13"\. Did you mean "debian-12"/,
    ));

  it("an availability zone that does not exist", () =>
    expectRefusal(
      { cloud, network: { ...NETWORK, zones: ["az-9"] } },
      /`network.zones`: the cloud has no availability zone "az-9"/,
    ));

  it("a name that something else has already", async () => {
    const client = await clientOf();
    await client.send("POST", "network", "/networks", { network: { name: "bad-net" } });
    const shape = z.object({ networks: z.array(z.object({ id: z.string() })) });
    const [foreign] = (await client.get("network", "/networks?name=bad-net", shape)).networks;
    before = await listCloud({ dir: "", stack: "", env: user });
    try {
      await expectRefusal(
        { cloud, network: NETWORK },
        /A network named "bad-net" is there already and is not of stack/,
      );
    } finally {
      await client.send("DELETE", "network", `/networks/${foreign?.id ?? ""}`);
      before = await listCloud({ dir: "", stack: "", env: user });
    }
  });

  it("a quota that is full, with how much is short", async () => {
    const admin = await clientOf("sandbox-admin");
    const project = (await clientOf()).projectId;
    const setInstances = (instances: number) =>
      admin.send("PUT", "compute", `/os-quota-sets/${project}`, { quota_set: { instances } });
    await setInstances(0);
    try {
      await expectRefusal(
        { cloud, network: NETWORK, messaging },
        /Quota of instances: 1 more needed, 0 left \(limit 0, used 0\), short by 1/,
      );
    } finally {
      await setInstances(10_000);
    }
  });
});
