import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { recover } from "../../tools/recover/recover";
import { extra, type Listing, listCloud } from "../../tools/sandbox/listing";
import { sandboxCommand } from "../../tools/sandbox/openstack";
import { connectCloud } from "../../tools/workspace/cloud";
import { engineOptions, removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { TEST_SANDBOX, userCloud } from "../support/sandbox/cloud";
import { destroy, makeStack, MESSAGING, NETWORK, stateOf, up } from "./support/stack";

const sections = { cloud: { release: "2026.1" }, network: NETWORK, messaging: MESSAGING };

describe("a stack whose update is killed half-way", () => {
  let stack: Workspace;
  let before: Listing;

  beforeAll(async () => {
    stack = await makeStack("killed", sections, await userCloud());
    before = await listCloud(stack);
  });
  afterAll(() => removeWorkspace(stack));

  /** Starts an update and kills the engine as soon as the state notes what is being created. */
  async function killDuring(pattern: RegExp): Promise<void> {
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", stack.stack];
    const engine = execa("pulumi", args, engineOptions(stack, { all: true, detached: true }));
    let output = "";
    engine.all?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await expect.poll(() => output, { timeout: 120_000, interval: 20 }).toMatch(pattern);
    // By now the state notes it and the cloud has been asked.
    await sleep(1000);
    // The engine alone: its plugins go on, which is what recovery must cope with.
    process.kill(engine.pid ?? 0, "SIGKILL");
    await engine;
  }

  it.each([/Network network-net creating/, /Instance messaging-router-01 creating/])(
    "completes the next update without duplicates when the engine is killed at %s",
    async (moment) => {
      await killDuring(moment);
      const found = await recover(stack, () => connectCloud(stack));
      expect(found.locks).toBe(1);
      expect(found.pending.length).toBeGreaterThan(0);
      expect((await stateOf(stack)).pending_operations ?? []).toEqual([]);
    },
  );

  it("has everything once and once only afterwards", async () => {
    const { exitCode, output } = await up(stack);
    expect(exitCode, output).toBe(0);
    const made = extra(await listCloud(stack), before);
    const names = made
      .filter((item) => !item.startsWith("security group rules"))
      .map((item) => item.replace(/ \(.*/, ""));
    const named = names.filter((item) => !item.endsWith(": "));
    expect(named).toEqual([...new Set(named)]);
    expect(named.filter((item) => item.startsWith("servers: killed-"))).toHaveLength(3);
  });

  it("survives the sandbox being killed and started again", async () => {
    const status = await execa("sandbox/openstack/sandbox", ["status", "--name", TEST_SANDBOX, "--json"], {
      reject: false,
    });
    const pids = [...status.stdout.matchAll(/"pid": (\d+)/g)].map((match) => Number(match[1]));
    expect(pids.length).toBeGreaterThan(0);
    for (const pid of pids) process.kill(pid, "SIGKILL");
    await sleep(500);
    await sandboxCommand(TEST_SANDBOX, "up");
    stack.env = { ...stack.env, ...(await userCloud()) };
    const { exitCode, output } = await up(stack, "--expect-no-changes");
    expect(exitCode, output).toBe(0);
  });

  it("leaves nothing behind when it is destroyed", async () => {
    const { exitCode, output } = await destroy(stack);
    expect(exitCode, output).toBe(0);
    expect(await listCloud(stack)).toEqual(before);
  });
});
