import { connect as connectPlain } from "node:net";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ARTEMIS_INSTANCE } from "../../components/messaging/brokers/artemis/brokerXml";
import { PORTS } from "../../components/messaging/servers/ports";
import { conform } from "../../tools/blend/conformance/conform";
import { parseTarget } from "../../tools/blend/target";
import { AmqpClient } from "../support/AmqpClient";
import { ARTEMIS_START, type ArtemisCluster, bootArtemis } from "../support/artemisCluster";
import { eventually } from "../support/members";

const NOTIFY = "openstack.org/om/notify/anycast/openstack/nova/notifications.info";
/** Where oslo.messaging's driver sends fan-outs and calls: with routable addresses, and with the older ones. */
const RPC_ADDRESSES = [
  ["openstack.org/om/rpc/multicast/openstack/nova/scheduler", "openstack.org/om/rpc/anycast/openstack/nova/conductor"],
  ["broadcast.openstack.nova.scheduler.all", "unicast.openstack.nova.conductor"],
] as const;

describe("three Artemis members with the configuration of their servers", () => {
  let cluster: ArtemisCluster;
  const clients: AmqpClient[] = [];

  const login = async (at: number, password = "hunter2") => {
    const { address = "", hostName = "" } = cluster.members[at] ?? {};
    const server = { host: address, port: PORTS.amqps, servername: hostName, ca: cluster.authority.caPem };
    const client = await AmqpClient.connect({ ...server, username: "nova", password });
    clients.push(client);
    return client;
  };
  const check = (at: number) => async () =>
    (await cluster.members[at]?.run(`${ARTEMIS_INSTANCE}/etc/check.sh`, ["3"])) ?? { code: 1 };
  const ready = ({ code }: { code: number | undefined }) => code === 0;

  beforeAll(async () => {
    cluster = await bootArtemis(3, [{ name: "nova", password: "hunter2" }]);
    for (const at of [0, 1, 2]) await eventually(check(at), ready, 500);
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await cluster?.close();
  });

  it("refuse a wrong password, a client without TLS, and the broker's management to services", async () => {
    await expect(login(0, "wrong")).rejects.toThrow(/unauthorized-access|authenticate/);
    expect(await plainAnswer(cluster.members[0]?.address ?? "", PORTS.amqps)).not.toContain("AMQP");
    const client = await login(0);
    await expect(client.send("activemq.management", "x")).rejects.toThrow(/unauthorized-access/);
  });

  it("carry a notification from one member to a listener that comes late, at another one", async () => {
    await (await login(0)).send(NOTIFY, "created", { durable: true });
    expect(await (await login(2)).receive(NOTIFY)).toBe("created");
  });

  it.each(RPC_ADDRESSES)(
    "give a fan-out on %s to every listener once, and a call on %s to one",
    async (fanout, rpc) => {
      const listeners = await Promise.all([login(0), login(1), login(2)]);
      const copies = listeners.map((client) => client.subscribe(fanout));
      const calls = listeners.map((client) => client.subscribe(rpc));
      await Promise.all([...copies, ...calls].map(({ opened }) => opened));
      const sender = await login(1);
      // A member learns of the others' listeners a moment after they came.
      await eventually(
        async () => {
          await sender.send(fanout, "probe");
          return copies.every(({ received }) => received.length > 0);
        },
        (everyone) => everyone,
      );
      for (const call of ["a", "b", "c"]) await sender.send(rpc, call);
      for (const copy of ["first", "last"]) await sender.send(fanout, copy);
      const got = () => ({
        copies: copies.map(({ received }) => received.filter((text) => text !== "probe")),
        calls: calls.flatMap(({ received }) => received).sort(),
      });
      const everyone = [1, 2, 3].map(() => ["first", "last"]);
      await eventually(
        () => Promise.resolve(got()),
        (all) => all.calls.length >= 3 && all.copies.every((copy) => copy.includes("last")),
      );
      expect(got()).toEqual({ copies: everyone, calls: ["a", "b", "c"] });
    },
  );

  it("keep what AMQP 1.0 promises of RPC and of notifications, by the load tool's account", async () => {
    const hosts = cluster.members.map(({ address }) => `nova:hunter2@${address}:${PORTS.amqps}`).join(",");
    const target = parseTarget(`amqp://${hosts}/openstack`, "Artemis", cluster.authority.caPem);
    const promises = ["absent server", "nothing stale", "exactly once", "order", "absent listener"];
    const { findings } = await conform(target, { promises });
    expect(findings.filter(({ outcome }) => outcome !== "kept")).toEqual([]);
    expect(findings).toHaveLength(9);
  });

  it("keep durable messages over a loss of power", async () => {
    const [, member] = cluster.members;
    await (await login(1)).send(`${NOTIFY}.kept`, "before", { durable: true });
    await member?.kill();
    member?.start(...ARTEMIS_START);
    await eventually(check(1), ready, 500);
    expect(await (await login(1)).receive(`${NOTIFY}.kept`)).toBe("before");
  });

  it("hand over their messages before they go, so that a smaller cluster loses none", async () => {
    // A member hands over to those that it is linked to, and one of them has just come back.
    for (const at of [0, 1, 2]) await eventually(check(at), ready, 240);
    await (await login(2)).send(`${NOTIFY}.moved`, "from the last one", { durable: true });
    await cluster.members[2]?.stop();
    expect(await (await login(0)).receive(`${NOTIFY}.moved`)).toBe("from the last one");
  });

  it("keep their messages when all are stopped, where the last one has nobody to hand them over to", async () => {
    await (await login(1)).send(`${NOTIFY}.stopped`, "still here", { durable: true });
    await cluster.members[1]?.stop();
    await cluster.members[0]?.stop();
    cluster.members[0]?.start(...ARTEMIS_START);
    await eventually(
      async () => (await cluster.members[0]?.run(`${ARTEMIS_INSTANCE}/etc/check.sh`)) ?? { code: 1 },
      ready,
      240,
    );
    expect(await (await login(0)).receive(`${NOTIFY}.stopped`)).toBe("still here");
  });
});

/** What a server says to an AMQP 1.0 header that is sent in the clear. */
function plainAnswer(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connectPlain(port, host, () => socket.write("AMQP\x03\x01\x00\x00"));
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
    socket.on("close", () => resolve(answer)).on("error", () => resolve(answer));
    socket.setTimeout(10_000, () => socket.destroy());
  });
}
