import { rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { get as getPlain } from "node:http";
import { get, type RequestOptions } from "node:https";
import { connect as connectPlain } from "node:net";
import { join } from "node:path";

import { type ChannelModel, connect } from "amqplib";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { MEMBERS_KEY, renderMembershipScript } from "../../components/messaging/brokers/rabbitmq/membership";
import { PORTS } from "../../components/messaging/servers/ports";
import { createAuthority, issue } from "../support/certificates";
import { RabbitmqCluster, type RabbitmqNode } from "../support/rabbitmqCluster";

const VHOST = "openstack";
const QUEUE = "notifications.info";

const BEFORE_UPGRADE = [
  ...["classic_mirrored_queue_version", "empty_basic_get_metric", "implicit_default_bindings", "stream_queue"],
  ...["maintenance_mode_status", "quorum_queue", "user_limits", "virtual_host_metadata"],
];

let cluster: RabbitmqCluster;
/** Nova's metadata service, as far as the membership script reads it. */
let metadata: Server;
let wanted: string | undefined;
let metadataUrl: string;
/** Messages that a broker has confirmed. */
let confirmed = 0;

beforeAll(async () => {
  metadata = createServer((_, response) => response.end(JSON.stringify({ meta: { [MEMBERS_KEY]: wanted } })));
  await new Promise<void>((resolve) => metadata.listen(0, "127.0.0.1", resolve));
  const address = metadata.address();
  metadataUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  // All of 3.10's feature flags but one: as it is after an upgrade to the version that brought it.
  const environment = { RABBITMQ_FEATURE_FLAGS: BEFORE_UPGRADE.join() };
  cluster = await RabbitmqCluster.start({ nodes: 3, vhost: VHOST, environment });
});

afterAll(async () => {
  metadata.close();
  await cluster?.stop();
});

const node = (number: number): RabbitmqNode => {
  const found = cluster.nodes[number - 1];
  if (found === undefined) throw new Error(`no node ${number}`);
  return found;
};

async function client(at: RabbitmqNode, login = "nova:nova-secret", tls: object = {}): Promise<ChannelModel> {
  const connection = await connect(`amqps://${login}@${at.endpoint}/${VHOST}`, {
    ...cluster.tlsOf(at),
    timeout: 30_000,
    ...tls,
  });
  connection.on("error", () => undefined);
  return connection;
}

/** Publishes messages that must survive; resolves once a majority has them. */
async function publish(at: RabbitmqNode, count: number): Promise<void> {
  const connection = await client(at);
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue(QUEUE, { durable: true });
  for (let index = 0; index < count; index++) {
    channel.sendToQueue(QUEUE, Buffer.from(`message ${confirmed + index}`), { persistent: true });
  }
  await channel.waitForConfirms();
  confirmed += count;
  await connection.close();
}

/** The queues by name; a node can say who of a stream is `online` only once its stream coordinator runs. */
async function queues(at: RabbitmqNode, ...more: "online"[]) {
  const rows = await cluster.list(at, "rabbitmqctl", [
    ...["list_queues", "--vhost", VHOST, "name", "type", "messages", "members", ...more],
  ]);
  return new Map(
    rows.map((row) => [row["name"] as string, row as { type: string; members: string[]; online: string[] }]),
  );
}

const names = (...numbers: number[]) => numbers.map((number) => `rabbit@prod-broker-0${number}`);

/** Runs the membership script on one broker, again and again as the timer does, until it has nothing to complain of. */
async function keepMembers(at: RabbitmqNode, hosts: string | undefined, runs = 4) {
  wanted = hosts;
  const script = join(at.folder, "fabric-members.py");
  writeFileSync(script, renderMembershipScript({ metadataUrl }));
  const env = cluster.environment(at);
  let said = "";
  for (let run = 1; run <= runs; run++) {
    const done = await execa("python3", [script, at.member.hostName], { env, extendEnv: false, reject: false });
    said += `${said === "" ? "" : "\n"}${done.stdout}${done.stderr}`;
    if (done.exitCode === 0) return { ok: true, said };
  }
  return { ok: false, said };
}

const hostNames = (count: number) =>
  cluster.nodes
    .slice(0, count)
    .map(({ member }) => member.hostName)
    .join(",");

describe("a real cluster from the rendered configuration", () => {
  it("forms by itself, and has the definitions on every node", async () => {
    const { stdout } = await cluster.run(node(3), "rabbitmqctl", ["cluster_status", "--formatter", "json", "--silent"]);
    const status = JSON.parse(stdout) as { running_nodes: string[]; listeners: Record<string, { protocol: string }[]> };
    expect(status.running_nodes.sort()).toEqual(names(1, 2, 3));
    for (const listeners of Object.values(status.listeners)) {
      expect(listeners.map(({ protocol }) => protocol).sort()).toEqual(["amqp/ssl", "clustering", "https/prometheus"]);
    }
    expect(await cluster.list(node(2), "rabbitmqctl", ["list_users"])).toEqual([{ user: "nova", tags: [] }]);
    expect(await cluster.list(node(2), "rabbitmqctl", ["list_vhosts", "name"])).toEqual([{ name: VHOST }]);
  });

  it("makes durable queues quorum queues with three members, and takes streams for fan-out", async () => {
    await publish(node(1), 20);
    const connection = await client(node(2));
    const channel = await connection.createChannel();
    await channel.assertQueue("fanout", { durable: true, arguments: { "x-queue-type": "stream" } });
    await channel.assertQueue("reply_1", { durable: false, autoDelete: true });
    // The number of messages is a statistic, which the leader tells every few seconds.
    const count = async () => (await queues(node(1))).get(QUEUE);
    await expect.poll(count, { timeout: 60_000, interval: 1000 }).toMatchObject({ type: "quorum", messages: 20 });
    const all = await queues(node(1));
    await connection.close();
    expect(all.get(QUEUE)?.members.sort()).toEqual(names(1, 2, 3));
    expect(all.get("fanout")?.type).toBe("stream");
    expect(all.get("reply_1")?.type).toBe("classic");
  });

  it("lets in who has a password and trusts the authority, and nobody else", async () => {
    const at = node(1);
    const stranger = await createAuthority("stranger");
    const foreign = await issue(stranger, ["nova"]);
    const own = await issue(cluster.authority, ["nova"]);
    const identity = ({ certPem, keyPem }: typeof own) => ({ cert: certPem, key: keyPem });

    await (await client(at, "nova:nova-secret", identity(own))).close();
    await expect(client(at, "nova:wrong")).rejects.toThrow(/ACCESS[_-]REFUSED/);
    await expect(client(at, "guest:guest")).rejects.toThrow(/ACCESS[_-]REFUSED/);
    await expect(client(at, "nova:nova-secret", { ca: [stranger.caPem] })).rejects.toThrow(/certificate/);
    await expect(client(at, "nova:nova-secret", { servername: "other" })).rejects.toThrow(/altnames/);
    await expect(client(at, "nova:nova-secret", identity(foreign))).rejects.toThrow();
    await expect(client(at, "nova:nova-secret", { maxVersion: "TLSv1.1" })).rejects.toThrow();
    await expect(connect(`amqp://nova:nova-secret@${at.endpoint}/${VHOST}`, { timeout: 5000 })).rejects.toThrow();
    await expect(plainPort(at, 5672)).rejects.toThrow(/ECONNREFUSED/);
  });

  it("keeps services from the broker's own exchanges", async () => {
    const connection = await client(node(1));
    const channel = await connection.createChannel();
    channel.on("error", () => undefined);
    await channel.assertQueue("spy", { durable: true });
    await expect(channel.bindQueue("spy", "amq.rabbitmq.trace", "#")).rejects.toThrow(/ACCESS[_-]REFUSED/);
    await connection.close();
  });

  it("gives its metrics to Prometheus over TLS only", async () => {
    const at = node(2);
    const tls: RequestOptions = {
      host: at.address,
      port: PORTS.rabbitPrometheus,
      path: "/metrics",
      ...cluster.tlsOf(at),
    };
    expect(await body(get, tls)).toMatch(/^rabbitmq_connections \d+/m);
    await expect(body(getPlain, { host: at.address, port: PORTS.rabbitPrometheus })).rejects.toThrow();
    await expect(plainPort(at, 15692)).rejects.toThrow(/ECONNREFUSED/);
  });

  it("goes on while a member is killed, which comes back with its data", async () => {
    await cluster.end(node(2), "SIGKILL");
    await publish(node(3), 20);
    await cluster.boot(node(2));
    await expect
      .poll(async () => (await queues(node(2), "online")).get(QUEUE), { timeout: 60_000, interval: 1000 })
      .toMatchObject({
        messages: 40,
        online: expect.arrayContaining(names(1, 2, 3)) as unknown,
      });
  });
});

describe("a cluster that grows and shrinks", () => {
  it("changes nothing without metadata, nor on any node but the elected one", async () => {
    expect(await keepMembers(node(1), undefined)).toMatchObject({ ok: true, said: /nothing is changed/ });
    expect((await keepMembers(node(2), hostNames(3))).said).toMatch(/rabbit@prod-broker-01 keeps the members/);
    expect((await keepMembers(node(1), hostNames(3))).said).toMatch(
      /^turned on drop_unroutable_metric\n3 of 3 wanted members run$/,
    );
  });

  it("puts members of queues and streams on new nodes", async () => {
    await cluster.grow(5);
    await publish(node(5), 20);
    const { ok, said } = await keepMembers(node(1), hostNames(5));
    expect(said).toMatch(/5 of 5 wanted members run/);
    expect(ok).toBe(true);
    const all = await queues(node(4));
    for (const name of [QUEUE, "spy", "fanout"]) expect(all.get(name)?.members.sort()).toEqual(names(1, 2, 3, 4, 5));
  });

  it("takes queues off nodes that are not wanted, and forgets them once they are down", async () => {
    const drained = await keepMembers(node(1), hostNames(3));
    expect(drained.said).toMatch(/rabbit@prod-broker-05 is no longer wanted, and is forgotten once it is down/);
    expect((await queues(node(1))).get(QUEUE)?.members.sort()).toEqual(names(1, 2, 3));
    for (const number of [5, 4]) {
      await cluster.end(node(number), "SIGTERM");
      await publish(node(1), 20);
    }
    const { ok, said } = await keepMembers(node(1), hostNames(3));
    expect(said).toMatch(/forgot rabbit@prod-broker-04\n/);
    expect(said).toMatch(/forgot rabbit@prod-broker-05\n3 of 3/);
    expect(ok).toBe(true);
    const { stdout } = await cluster.run(node(2), "rabbitmqctl", ["cluster_status", "--formatter", "json", "--silent"]);
    expect((JSON.parse(stdout) as { disk_nodes: string[] }).disk_nodes.sort()).toEqual(names(1, 2, 3));
  });

  it("has lost none of the confirmed messages, in order", async () => {
    const connection = await client(node(3));
    const channel = await connection.createChannel();
    for (let index = 0; index < confirmed; index++) {
      const message = await channel.get(QUEUE, { noAck: true });
      expect(message === false ? "none" : message.content.toString()).toBe(`message ${index}`);
    }
    expect(await channel.get(QUEUE)).toBe(false);
    await connection.close();
  });

  it("takes in a member again that has lost its data volume, even the first, to which all others once came", async () => {
    await cluster.end(node(1), "SIGKILL");
    rmSync(join(node(1).folder, "data"), { recursive: true, force: true });
    await cluster.boot(node(1));
    await publish(node(1), 20);
    expect((await keepMembers(node(1), hostNames(3))).said).toMatch(/3 of 3 wanted members run$/);
    const messages = async () =>
      (await cluster.list(node(2), "rabbitmqctl", ["list_queues", "-p", VHOST, "name", "messages"])).find(
        ({ name }) => name === QUEUE,
      );
    await expect.poll(messages, { timeout: 60_000, interval: 1000 }).toMatchObject({ messages: 20 });
  });

  it("forgets nobody while only a minority runs", async () => {
    await Promise.all([cluster.end(node(2), "SIGKILL"), cluster.end(node(3), "SIGKILL")]);
    const { said } = await keepMembers(node(1), hostNames(1), 1);
    // A node without a majority pauses once it has seen that the others are gone.
    expect(said).toMatch(/only 1 of 3 nodes run: nothing is changed|requires the 'rabbit' app to be running/);
    expect(said).not.toMatch(/forgot/);
  });
});

async function plainPort(at: RabbitmqNode, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectPlain({ host: at.address, port }, () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}

/** What a server answers to an HTTP request. */
async function body(request: typeof get | typeof getPlain, options: RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("end", () => resolve(text));
    });
    asked.once("error", reject);
  });
}
