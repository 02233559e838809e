import { connect as connectPlain } from "node:net";
import { inspect } from "node:util";

import {
  Admin,
  Consumer,
  MessagesStreamModes,
  ProduceAcks,
  Producer,
  stringDeserializers,
  stringSerializers,
} from "@platformatic/kafka";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KAFKA_DIR, KAFKA_SASL_MECHANISM } from "../../components/messaging/brokers/kafka/config";
import { conform } from "../../tools/blend/conformance/conform";
import { parseTarget } from "../../tools/blend/target";
import { bootKafka, type KafkaCluster } from "../support/kafkaCluster";
import { eventually } from "../support/members";

const users = [
  { name: "nova", password: "hunter2" },
  { name: "telemetry", password: "back\\slash, and = signs" },
];

describe("three Kafka members with the configuration of their servers", () => {
  let cluster: KafkaCluster;
  const loginOf = (at: number, password = users[at]?.password) => ({
    clientId: "test",
    bootstrapBrokers: cluster.endpoints,
    tls: { ca: cluster.authority.caPem },
    sasl: { mechanism: KAFKA_SASL_MECHANISM, username: users[at]?.name, password },
    // The machine may be busy: patience, not speed, is asked for.
    timeout: 30_000,
    connectTimeout: 30_000,
    retries: 20,
    retryDelay: 1_000,
  });

  const send = async (login: object, topic: string, value: string) => {
    const producer = new Producer({ ...loginOf(0), ...login, serializers: stringSerializers, autocreateTopics: true });
    try {
      await producer.send({ messages: [{ topic, value }], acks: ProduceAcks.ALL });
    } finally {
      await producer.close();
    }
  };
  const receive = async (login: object, topic: string, groupId: string) => {
    const consumer = new Consumer({ ...loginOf(0), ...login, groupId, deserializers: stringDeserializers });
    try {
      const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.EARLIEST });
      for await (const message of stream) return message.value;
      throw new Error("the stream ended");
    } finally {
      await consumer.close(true);
    }
  };
  const check = (at: number) => async () =>
    (await cluster.members[at]?.run(`${KAFKA_DIR}/check.sh`, [])) ?? { code: 1 };
  const ready = ({ code }: { code: number | undefined }) => code === 0;

  beforeAll(async () => {
    cluster = await bootKafka(3, users);
    await Promise.all([0, 1, 2].map((at) => eventually(check(at), ready, 500)));
    // The founder tells the users' logins once it answers; a login before that is refused.
    await eventually(() => send({ retries: 0 }, "notifications.info", "created").then(...outcome), isDone, 120);
  });
  afterAll(() => cluster?.close());

  it("carry what a service sends to whom it concerns", async () => {
    await eventually(() => receive(loginOf(1), "notifications.info", "telemetry-agents").then(...outcome), isDone);
  });

  it("keep three copies of a topic that was made by its use, and acknowledge when two have a message", async () => {
    const admin = new Admin(loginOf(0));
    const { topics } = await admin.metadata({ topics: ["notifications.info"] });
    const partitions = Object.values(topics.get("notifications.info")?.partitions ?? {});
    expect(partitions.map(({ replicas }) => replicas.length)).toEqual([3, 3, 3]);
    await admin.close();
    const described = await cluster.tool("kafka-topics.sh", ["--describe", "--topic", "notifications.info"]);
    expect(described).toContain("min.insync.replicas=2");
  });

  it("refuse a wrong password, a client without TLS, and topics and groups of others", async () => {
    const quick = { retries: 0 };
    const info = "notifications.info";
    const tries = [
      send({ ...loginOf(0, "wrong"), ...quick }, info, "x"),
      send({ ...loginOf(1), ...quick }, "nova.secrets", "x"),
      receive({ ...loginOf(1), ...quick }, info, "nova-group"),
    ];
    const [login, topic, group] = await Promise.all(tries.map((attempt) => attempt.then(...outcome)));
    expect(login).toMatch(/SASL_AUTHENTICATION_FAILED|authentication failed/i);
    expect(topic).toContain("TOPIC_AUTHORIZATION_FAILED");
    expect(group).toContain("GROUP_AUTHORIZATION_FAILED");
    const [host = "", port] = (cluster.endpoints[0] ?? "").split(":");
    expect(await plainAnswer(host, Number(port))).toBe("");
  });

  it("keep what they promise of notifications, by the load tool's account, which has no calls over them", async () => {
    const hosts = cluster.endpoints.map((endpoint) => `nova:hunter2@${endpoint}`).join(",");
    const target = parseTarget(`kafka://${hosts}/`, "Kafka", cluster.authority.caPem);
    const promises = ["exactly once", "order", "absent listener"];
    const { findings, refusals } = await conform(target, { promises });
    expect(findings.filter(({ outcome }) => outcome !== "kept")).toEqual([]);
    expect(findings).toHaveLength(3);
    expect(refusals.map(({ pattern }) => pattern)).toEqual(["call", "cast", "fanout"]);
  });

  it("keep what they acknowledged when a member loses its power, and take it back", async () => {
    await send({}, "notifications.error", "before");
    await cluster.members[0]?.kill();
    const others = { ...loginOf(1), bootstrapBrokers: cluster.endpoints.slice(1) };
    let attempt = 0;
    const late = () => receive(others, "notifications.error", `telemetry-late-${(attempt += 1)}`);
    await eventually(
      () => late().catch(String),
      (said) => said === "before",
    );
    await eventually(() => send({ ...others, retries: 2 }, "notifications.error", "x").then(...outcome), isDone);
    expect((await check(1)()).code).not.toBe(0);
    cluster.members[0]?.start(`${KAFKA_DIR}/start.sh`);
    await eventually(check(0), ready, 500);
  });
});

const outcome = [() => "done", (error: unknown) => inspect(error, { depth: 8 })] as const;
const isDone = (said: string) => said === "done";

/** What a server says to a Kafka request (ApiVersions) that is sent in the clear. */
function plainAnswer(host: string, port: number): Promise<string> {
  const request = Buffer.from("0000000a00120000000000010000", "hex");
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connectPlain(port, host, () => socket.write(request));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    const done = () => resolve(Buffer.concat(chunks).filter((byte) => byte !== 0x15).length > 16 ? "answered" : "");
    socket.on("close", done).on("error", done);
    socket.setTimeout(10_000, () => socket.destroy());
  });
}
