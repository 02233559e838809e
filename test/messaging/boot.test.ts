import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";

import { connect as amqpConnect } from "amqplib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { lastHealth } from "../../stacks/cloud/health";
import { type BrokerMachines, brokerMachines, metaData, USER, userDataOf, VHOST } from "../support/brokerMachines";

/** Seconds; three systems may share two slow processors. */
const BOOT = 420;
const READY = 420;
const TIMEOUT = 1000 * (BOOT + READY + 60);

const QUEUE = "kept-over-a-replacement";

describe("the user data of three brokers, in systems that it boots", () => {
  const folder = mkdtempSync(join(tmpdir(), "fabric-boot-"));
  let cluster: BrokerMachines;
  beforeAll(async () => {
    cluster = await brokerMachines(folder, 3);
    await Promise.all(cluster.members.map(({ machine }) => machine.boot()));
  }, 1_800_000);
  afterAll(async () => {
    await Promise.all(cluster.members.map(({ machine }) => machine.kill()));
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const member = (at: number) => {
    const found = cluster.members[at];
    if (found === undefined) throw new Error(`no member ${at}`);
    return found;
  };
  const ready = (at: number, text?: string) =>
    member(at).machine.until("ready", READY, () => {
      const health = lastHealth(member(at).machine.console(), member(at).member.hostName);
      return health?.ready === true && health.text.includes(text ?? "") ? health.text : undefined;
    });
  /** An AMQP client of the cluster's own authority. */
  const client = (at: number, password = USER.password) => {
    const { amqps, member: placed } = member(at);
    return amqpConnect(`amqps://${USER.name}:${encodeURIComponent(password)}@127.0.0.1:${amqps}/${VHOST}`, {
      ca: [cluster.authority.caPem],
      servername: placed.hostName,
      timeout: 30_000,
    });
  };

  it(
    "is taken in by cloud-init without an error, and the daemon is started from it",
    async () => {
      for (const { machine } of cluster.members) {
        expect(await machine.cloudInit(BOOT)).toEqual({ status: "status: done", errors: [] });
      }
    },
    TIMEOUT,
  );

  it(
    "makes one cluster, and each member says on its console that it is ready",
    async () => {
      for (const at of [0, 1, 2]) expect(await ready(at)).toMatch(/^ready broker boot-broker-0\d in a cluster of/);
      const { output } = await member(0).machine.run("cat /run/fabric/health");
      expect(output).toMatch(/^fabric-health: ready broker boot-broker-01 /);
    },
    TIMEOUT,
  );

  it(
    "serves TLS with the generated certificate, and lets in who has a user's password only",
    async () => {
      const { amqps, member: placed } = member(1);
      const subject = await new Promise<string>((resolve, reject) => {
        const options = { host: "127.0.0.1", port: amqps, ca: cluster.authority.caPem, servername: placed.hostName };
        const socket = connect(options, () => {
          resolve(String(socket.getPeerCertificate().subject.CN));
          socket.destroy();
        }).on("error", reject);
      });
      expect(subject).toBe(placed.hostName);
      await expect(client(1, "not the password")).rejects.toThrow(/ACCESS_REFUSED/);
      await (await client(1)).close();
    },
    TIMEOUT,
  );

  it(
    "keeps everything out but the role's ports",
    async () => {
      const open = (port: number) =>
        member(0).machine.run(
          `python3 -c 'import socket; socket.create_connection(("${member(1).member.address}", ${port}), 4)'`,
        );
      expect((await open(5671)).code).toBe(0);
      expect((await open(4369)).code).toBe(0);
      await member(1).machine.run("systemd-run --unit=stray python3 -m http.server 8000; sleep 1");
      const stray = await open(8000);
      expect(stray.code).not.toBe(0);
      expect(stray.output).toMatch(/timed out|TimeoutError/);
    },
    TIMEOUT,
  );

  it(
    "replaces a member as a rolling change does: it rejoins with its data, and says so",
    async () => {
      const before = await client(0);
      const channel = await before.createConfirmChannel();
      await channel.assertQueue(QUEUE, { durable: true, arguments: { "x-queue-type": "quorum" } });
      channel.sendToQueue(QUEUE, Buffer.from("kept"), { persistent: true });
      await channel.waitForConfirms();
      await before.close();

      const { machine, member: placed } = member(2);
      await machine.shutDown();
      machine.options.metaData = metaData(cluster.plan, placed, "second");
      machine.options.userData = await userDataOf(cluster, placed, { adminCidrs: ["10.78.0.0/16"] });
      await machine.boot();
      expect(await machine.cloudInit(BOOT)).toEqual({ status: "status: done", errors: [] });
      expect(await ready(2)).toBe("ready broker boot-broker-03 in a cluster of 3");
      expect((await machine.run("nft list ruleset")).output).toContain("10.78.0.0/16");

      const { output } = await machine.run(
        `rabbitmqctl -q list_queues -p ${VHOST} name messages members online --formatter json`,
      );
      const nodes = cluster.plan.members.map(({ hostName }) => `rabbit@${hostName}`);
      const [queue] = JSON.parse(output) as { members: string[]; online: string[] }[];
      expect(queue).toMatchObject({ name: QUEUE, messages: 1 });
      expect(queue?.members.sort()).toEqual(nodes);
      expect(queue?.online.sort()).toEqual(nodes);
      const after = await client(2);
      const message = await (await after.createChannel()).get(QUEUE, { noAck: true });
      expect(message === false ? message : message.content.toString()).toBe("kept");
      await after.close();
    },
    TIMEOUT * 2,
  );
});
