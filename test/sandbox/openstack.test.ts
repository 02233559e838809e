import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";

import { CHECKOUT } from "../../tools/workspace/workspace";

const first = `test-${process.pid}-a`;
const second = `test-${process.pid}-b`;

interface Status {
  up: boolean;
  plane: number | null;
  services: { service: string; port: number; pid: number | null; why: string }[];
}

function sandbox(...args: string[]) {
  return execa(join(CHECKOUT, "sandbox/openstack/sandbox"), args, { reject: false, all: true });
}

async function statusOf(name: string): Promise<Status> {
  return JSON.parse((await sandbox("status", "--name", name, "--json")).stdout) as Status;
}

/** Whether a process runs; one that has ended may wait for init to take note of it. */
function isAlive(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, "utf8"));
}

describe("the sandbox's supervisor", () => {
  afterAll(async () => {
    for (const name of [first, second]) await sandbox("down", "--name", name, "--delete");
  });

  it("says that a sandbox is not there, and how to make it", async () => {
    expect((await sandbox("status", "--name", first)).exitCode).toBe(3);
    const env = await sandbox("env", "--name", first);
    expect(env.exitCode).toBe(1);
    expect(env.all).toContain(`sandbox up --name ${first}`);
  });

  it("refuses a name that would lead out of its folder", async () => {
    const result = await sandbox("up", "--name", "../elsewhere");
    expect(result.exitCode).toBe(1);
    expect(result.all).toMatch(/^error: --name must be letters.*got '\.\.\/elsewhere'\.$/);
  });

  it("brings two sandboxes up side by side, on ports of their own", async () => {
    for (const name of [first, second]) {
      const result = await sandbox("up", "--name", name);
      expect(result.exitCode, result.all).toBe(0);
    }
    const ports = [...(await statusOf(first)).services, ...(await statusOf(second)).services].map(({ port }) => port);
    expect(ports).toHaveLength(20);
    expect(new Set(ports).size).toBe(20);
  });

  it("ends every service when its first process is killed, and repairs that by another up", async () => {
    const before = await statusOf(second);
    const pids = before.services.map(({ pid }) => pid ?? 0);
    process.kill(before.plane ?? 0, "SIGKILL");
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    expect((await statusOf(second)).up).toBe(false);
    const result = await sandbox("up", "--name", second);
    expect(result.exitCode, result.all).toBe(0);
    expect((await statusOf(second)).up).toBe(true);
    expect((await statusOf(first)).up).toBe(true);
  });

  it("notices a single service that died", async () => {
    const glance = (await statusOf(first)).services.find(({ service }) => service === "glance");
    process.kill(glance?.pid ?? 0, "SIGKILL");
    await expect.poll(async () => (await statusOf(first)).up, { timeout: 10_000 }).toBe(false);
    const services = (await statusOf(first)).services.filter(({ why }) => why !== "");
    expect(services).toMatchObject([{ service: "glance", why: "is not running" }]);
  });

  it("leaves no process and no listener when it goes down", async () => {
    const pids = [...(await statusOf(first)).services, ...(await statusOf(second)).services].map(({ pid }) => pid ?? 0);
    for (const name of [first, second]) {
      const result = await sandbox("down", "--name", name, "--delete");
      expect(result.exitCode, result.all).toBe(0);
      expect(result.all).toContain("nothing listens");
    }
    expect(pids.filter((pid) => pid > 0 && isAlive(pid))).toEqual([]);
    expect((await sandbox("list")).stdout).not.toContain(first);
  });
});
