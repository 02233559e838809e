import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { renderMembershipScript } from "../../components/messaging/brokers/rabbitmq/membership";

/** What the script's cluster looks like: numbers stand for `rabbit@b<number>`. */
interface Scene {
  wanted?: number[];
  known: number[];
  running: number[];
  queues?: { type?: "quorum" | "stream"; members: number[]; online?: number[] }[];
  versions?: Record<number, string>;
  flags?: { name: string; state: string }[];
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "fabric-members-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nodes = (numbers: readonly number[]) => numbers.map((number) => `rabbit@b${number}`);

/** Runs the script on a server against RabbitMQ's tools as a stub plays them. */
async function run(scene: Scene, server = "b1") {
  const { wanted, known, running, queues = [], versions = {}, flags = [] } = scene;
  const status = {
    disk_nodes: nodes(known),
    running_nodes: nodes(running),
    versions: Object.fromEntries(running.map((n) => [`rabbit@b${n}`, { rabbitmq_version: versions[n] ?? "4.1.4" }])),
    feature_flags: flags,
  };
  const replicated = queues.map(({ type = "quorum", members, online = members }, index) => ({
    ...{ vhost: "openstack", name: `q${index}`, type, members: nodes(members), online: nodes(online) },
  }));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content, { mode: 0o755 });
    return join(folder, name);
  };
  const meta = wanted && { "fabric-members": wanted.map((n) => `b${n}`).join(",") };
  const metadataUrl = pathToFileURL(file("meta_data.json", JSON.stringify({ meta }))).href;
  file("status", JSON.stringify(status));
  file(
    "queues",
    `<<"${Buffer.from(JSON.stringify(replicated))
      .toString("base64")
      .replace(/(.{60})/g, '$1"\n  "')}">>\n`,
  );
  const stub = file(
    "stub",
    `#!/bin/sh\ncase "$2" in cluster_status) cat ${folder}/status ;; eval) cat ${folder}/queues ;; *) echo "$@" >> ${folder}/done ;; esac\n`,
  );
  const script = file("members.py", renderMembershipScript({ through: [stub], metadataUrl }));
  const { exitCode, stdout, stderr } = await execa("python3", [script, server], { reject: false });
  const done = existsSync(join(folder, "done")) ? readFileSync(join(folder, "done"), "utf8").trim().split("\n") : [];
  return { ok: exitCode === 0, said: stdout + stderr, done };
}

describe("the membership script", () => {
  it("grows onto new nodes before it takes anything off old ones", async () => {
    const scene = { wanted: [1, 2, 3], known: [1, 2, 3, 4], running: [1, 2, 3, 4] };
    const { done } = await run({ ...scene, queues: [{ members: [1, 2, 4] }, { type: "stream", members: [1, 2, 3] }] });
    expect(done[0]).toBe("rabbitmq-queues grow rabbit@b3 all");
  });

  it("adds stream replicas one by one, by their virtual host", async () => {
    const queues = [{ type: "stream" as const, members: [1] }];
    const { done } = await run({ wanted: [1, 2], known: [1, 2], running: [1, 2], queues });
    expect(done).toEqual(["rabbitmq-streams add_replica --vhost openstack q0 rabbit@b2"]);
  });

  it("forgets a node that is not wanted only when it is down", async () => {
    const scene = { wanted: [1, 2, 3], known: [1, 2, 3, 4, 5] };
    expect((await run({ ...scene, running: [1, 2, 3, 4, 5] })).done).toEqual([]);
    expect((await run({ ...scene, running: [1, 2, 3, 4] })).done).toEqual([
      "rabbitmqctl forget_cluster_node rabbit@b5",
    ]);
  });

  it("forgets nobody while a wanted member is down", async () => {
    const { ok, said, done } = await run({ wanted: [1, 2, 3], known: [1, 2, 3, 4, 5], running: [1, 2, 5] });
    expect({ ok, done }).toEqual({ ok: false, done: [] });
    expect(said).toMatch(/rabbit@b4 goes once all wanted members run; missing: \['rabbit@b3'\]/);
  });

  it("changes nothing without a majority of the nodes that the cluster knows", async () => {
    const { ok, said, done } = await run({ wanted: [1], known: [1, 2, 3], running: [1] });
    expect({ ok, done }).toEqual({ ok: false, done: [] });
    expect(said).toMatch(/only 1 of 3 nodes run: nothing is changed/);
  });

  it("takes no member from a queue that needs it for its majority", async () => {
    const queues = [{ members: [1, 2, 3, 4, 5], online: [1, 2] }];
    const { ok, said, done } = await run({ wanted: [1, 2, 3], known: [1, 2, 3, 4, 5], running: [1, 2, 3], queues });
    expect({ ok, done }).toEqual({ ok: false, done: [] });
    expect(said).toMatch(/openstack\/q0 would lose its majority without rabbit@b4/);
  });

  it("acts on one node only: the first of the wanted ones that run", async () => {
    const scene = { wanted: [1, 2, 3], known: [1, 2, 3], running: [2, 3], queues: [{ members: [3] }] };
    expect((await run(scene, "b3")).done).toEqual([]);
    expect((await run(scene, "b2")).done).toEqual(["rabbitmq-queues grow rabbit@b2 all"]);
  });

  it("changes nothing where the metadata names no members", async () => {
    expect(await run({ known: [1, 2], running: [1] })).toMatchObject({ ok: true, done: [] });
  });

  it("turns feature flags on when every node runs the new version, and no experiment", async () => {
    const scene = { wanted: [1, 2, 3], known: [1, 2, 3], running: [1, 2, 3] };
    const on = ["rabbitmqctl enable_feature_flag all"];
    const flag = (name: string) => [{ name, state: "disabled" }];
    const all = (version: string) => ({ 1: version, 2: version, 3: version });
    const upgraded = { ...scene, flags: flag("rabbitmq_4.1.0") };
    expect((await run({ ...upgraded, versions: { 1: "4.0.9" } })).done).toEqual([]);
    expect((await run({ ...scene, flags: flag("khepri_db"), versions: all("4.1.4") })).done).toEqual([]);
    expect((await run(upgraded)).done).toEqual(on);
    rmSync(join(folder, "done"));
    expect((await run({ ...scene, flags: flag("khepri_db"), versions: all("4.2.1") })).done).toEqual(on);
  });
});
