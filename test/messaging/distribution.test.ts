import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { TestNode } from "../support/distribution/agent";
import { runCli, startCli } from "../support/distribution/cli";
import { startProxy } from "../support/distribution/proxy";
import { isBuilt } from "../support/distribution/servers";
import { openWorld, outputs, seed, type World } from "../support/distribution/world";

interface Published {
  version: string;
  from?: string;
  moved: boolean;
  stored: boolean;
}
interface Status {
  current: string;
  versions: { version: string; complete: boolean }[];
  nodes: (NodeReport & { host: string })[];
}
interface NodeReport {
  version?: string;
  state?: string;
  error?: string;
}

const POLICY = "/etc/nova/policy.yaml";
const NOVA = "/etc/nova/nova.conf";
const NEUTRON = "/etc/neutron/neutron.conf";
const CURRENT = "fabric/test/current";

const ofGeneration = (generation: number) => (content: string | undefined) =>
  content === `# generation ${generation}\n`;

/** Building Consul takes nine processor-minutes, so it is asked for by hand; the tests then find it. */
const CONSUL_MISSING = !isBuilt("consul") && "build it first: sandbox/toolchain/toolchain ensure consul";

describe.each([
  { kind: "etcd" as const, skip: false as const },
  { kind: "consul" as const, skip: CONSUL_MISSING },
])("configuration distributed by $kind", ({ kind, skip }) => {
  if (skip !== false) {
    it.skip(skip, () => {});
    return;
  }
  let world: World;
  let waiting: string;
  let one: TestNode;
  let two: TestNode;
  const status = () => runCli<Status>(world.store, ["status"]);
  const pointer = async () => (await world.store.list(CURRENT)).get(CURRENT);
  const untilReported = async (host: string, holds: (report: NodeReport) => boolean) => {
    const end = Date.now() + 60_000;
    for (;;) {
      const text = (await world.store.list(`fabric/test/nodes/${host}`)).get(`fabric/test/nodes/${host}`) ?? "{}";
      if (holds(JSON.parse(text) as NodeReport)) return;
      if (Date.now() > end) throw new Error(`${host} reports ${text}`);
      await sleep(100);
    }
  };

  beforeAll(async () => {
    world = await openWorld(kind);
    one = world.node("compute-1");
    two = world.node("compute-2");
    one.start();
    two.start();
  });
  afterAll(async () => world?.close());

  it("brings a published version to every node, decrypted, with its mode, and tells the services", async () => {
    await world.publish<Published>(outputs(1));
    for (const node of [one, two]) {
      await node.until(POLICY, ofGeneration(1));
      expect(node.read(NOVA)).toContain(`nova:${seed(1)}@`);
      expect(node.read(NEUTRON)).toContain(`neutron:${seed(0)}@`);
      expect(statSync(join(node.root, NOVA)).mode & 0o777).toBe(0o640);
      await node.until("reloads", () => node.reloads.length === 2);
    }
  });

  it("switches all services of all nodes by one write, and reloads only those whose files changed", async () => {
    const { version, from } = await world.publish<Published>(outputs(2), "--no-switch");
    expect(await pointer()).toBe(from);
    await sleep(500);
    expect(one.read(POLICY)).toBe("# generation 1\n");
    await world.store.put(CURRENT, version);
    for (const node of [one, two]) {
      await node.until(POLICY, ofGeneration(2));
      await node.until("reloads", () => node.reloads.length === 3);
      expect(node.reloads.filter((service) => service === "neutron")).toHaveLength(1);
    }
  });

  it("goes back to the version before by one command, and shows which node has what", async () => {
    const { version } = await runCli<Published>(world.store, ["rollback"]);
    await one.until(POLICY, ofGeneration(1));
    await two.until(POLICY, ofGeneration(1));
    for (const host of ["compute-1", "compute-2"]) {
      await untilReported(host, (node) => node.version === version && node.state === "applied");
    }
    expect(await status()).toMatchObject({ current: version, nodes: [{ host: "compute-1" }, { host: "compute-2" }] });
  });

  it("holds no secret in the clear, in any encoding, while what is not secret can be read", async () => {
    const dump = await world.store.dump();
    expect(dump).toContain("# generation 2");
    expect(dump).not.toContain("broker:5671");
    for (const generation of [0, 1, 2]) {
      const text = seed(generation);
      for (const form of [text, Buffer.from(text).toString("base64"), Buffer.from(text).toString("hex")]) {
        expect(dump).not.toContain(form);
      }
    }
  });

  it("gives the same version for the same files, and stores it once", async () => {
    const again = await world.publish<Published>(outputs(2), "--no-switch");
    expect(again.stored).toBe(false);
  });

  it("points at the old version, or at the new and whole one, wherever a publisher is killed", async () => {
    const proxy = await startProxy(world.store);
    try {
      let last = Infinity;
      let killed = 0;
      for (let at = 1; at <= last; at++) {
        const before = await pointer();
        proxy.count = 0;
        const phase = at % 2 === 0 ? "after" : "before";
        const child = startCli(
          world.store,
          proxy.endpoint,
          ["publish", "-", ...world.publishing],
          JSON.stringify(outputs(20 + at, 130)),
        );
        proxy.onRequest = (number, when) => {
          if (number === at && when === phase) child.kill("SIGKILL");
        };
        const result = await child;
        if (result.exitCode === 0) last = 0;
        else {
          expect(result.signal).toBe("SIGKILL");
          killed++;
        }
        const now = await pointer();
        if (now !== before) await runCli(world.store, ["diff", now ?? ""]);
      }
      expect(killed).toBeGreaterThan(6);
    } finally {
      await proxy.close();
    }
    // What was left half-way is completed by the next publisher of the same files.
    const { version } = await world.publish<Published>(outputs(24, 130));
    expect((await status()).versions.find((found) => found.version === version)?.complete).toBe(true);
    await one.until(POLICY, ofGeneration(24));
  });

  it("lets one of two publishers win, and tells the other who moved the pointer", async () => {
    const proxy = await startProxy(world.store);
    try {
      // The slow one has read the pointer, and stores its files, when the quick one switches.
      let quick: Promise<Published> | undefined;
      proxy.onRequest = async (number) => {
        if (number === (kind === "etcd" ? 4 : 3)) await (quick ??= world.publish<Published>(outputs(31)));
      };
      const slow = await startCli(
        world.store,
        proxy.endpoint,
        ["publish", "-", ...world.publishing],
        JSON.stringify(outputs(32)),
      );
      expect(slow.exitCode).toBe(1);
      const { version } = (await quick) ?? { version: "none" };
      expect(slow.stderr).toMatch(/^error: Somebody else moved the pointer from \w+ to \w+ while this ran/m);
      expect(slow.stderr).toContain(version);
      expect(await pointer()).toBe(version);
      await one.until(POLICY, ofGeneration(31));
    } finally {
      await proxy.close();
    }
  });

  it("keeps the last good version where the store's content was tampered with, and says why", async () => {
    const good = await pointer();
    const { version } = await world.publish<Published>(outputs(33), "--no-switch");
    const base = `fabric/test/versions/${version}/`;
    const manifest = (await world.store.list(`${base}manifest`)).get(`${base}manifest`) ?? "";
    await world.store.put(`${base}nova${POLICY}`, "# evil\n");
    await world.store.put(CURRENT, version);
    await untilReported("compute-1", (node) => node.error?.includes("is not what its manifest says") === true);
    const [head = "", body = "", signature = ""] = manifest.split(".");
    const forged = Buffer.from(body, "base64url").toString().replaceAll('"0640"', '"0666"');
    await world.store.put(`${base}manifest`, [head, Buffer.from(forged).toString("base64url"), signature].join("."));
    await untilReported("compute-1", (node) => node.error?.includes("not signed by the publisher") === true);
    await world.store.put(CURRENT, "../../etc/passwd");
    await untilReported("compute-1", (node) => node.error?.includes("none that a publisher gives") === true);
    expect(one.read(POLICY)).toBe("# generation 31\n");
    const refused = await startCli(world.store, world.store.endpoint, ["switch", version]);
    expect(refused.stderr).toMatch(/^error: Version \w+ is damaged in the store/m);
    // Publishing the same files anew repairs it.
    const repaired = await world.publish<Published>(outputs(33));
    expect(repaired).toMatchObject({ version, stored: true, moved: true });
    await one.until(POLICY, ofGeneration(33));
    expect(good).not.toBe(version);
  });

  it("never shows half a set of files, even when the agent is killed in the middle, and goes on afterwards", async () => {
    const versions = [];
    for (const generation of [41, 42]) versions.push(await world.publish<Published>(outputs(generation, 60)));
    await two.until(POLICY, ofGeneration(42));
    for (let round = 0; round < 8; round++) {
      await world.store.put(CURRENT, versions[round % 2]?.version ?? "");
      await sleep(20 + round * 30);
      await two.kill();
      expect(generationsShown(two).size).toBe(1);
      two.start();
    }
    await two.until(POLICY, ofGeneration(42));
    expect(generationsShown(two)).toEqual(new Set(["# generation 42\n"]));
    expect(readdirSync(join(two.root, "var/lib/fabric-config/versions")).length).toBeLessThanOrEqual(4);
  });

  it("goes on with the last good version while the store is down, even over a restart of the agent", async () => {
    // One of its own: the agent may still be on its way through the switches of the test before.
    await world.publish<Published>(outputs(43, 60));
    await one.until(POLICY, ofGeneration(43));
    await world.store.stop();
    await one.until("agent.log", (log) => log?.includes("the store does not answer") === true);
    await one.kill();
    one.start();
    await one.until("agent.log", (log) => (log?.split("the store does not answer").length ?? 0) > 2);
    expect(one.read(POLICY)).toBe("# generation 43\n");
    expect(one.read(NOVA)).toContain(seed(43));
    await world.store.start();
    await world.publish<Published>(outputs(51));
    await one.until(POLICY, ofGeneration(51));
    expect(one.read("/etc/nova/extra-0.conf")).toBeUndefined();
  });

  it("prunes all but the current and the last ones, and never what waits to be switched to", async () => {
    waiting = (await world.publish<Published>(outputs(52), "--no-switch")).version;
    await runCli(world.store, ["prune", "--keep", "1"]);
    const { current, versions } = await status();
    expect(versions).toHaveLength(3);
    expect(versions.map(({ version }) => version)).toEqual(expect.arrayContaining([current, waiting]));
    const keys = await world.store.list("fabric/test/versions/");
    expect([...keys.keys()].filter((key) => !versions.some(({ version }) => key.includes(version)))).toEqual([]);
    await runCli(world.store, ["rollback"]);
    await one.until(POLICY, ofGeneration(43));
  });

  it("is refused to a node that would write anything but its own report", async () => {
    const asNode = { ...world.store, publisher: world.store.node };
    const { exitCode, stderr } = await startCli(asNode, world.store.endpoint, ["switch", waiting]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^error: ${kind} denies this`, "m"));
  });
});

/** Contents of the generation's files as a reader sees them through the node's one link. */
function generationsShown(node: TestNode): Set<string> {
  const folder = join(realpathSync(join(node.root, "var/lib/fabric-config/current")), "nova/etc/nova");
  const files = readdirSync(folder).filter((name) => name !== "nova.conf");
  expect(files).toHaveLength(61);
  return new Set(files.map((name) => readFileSync(join(folder, name), "utf8")));
}
