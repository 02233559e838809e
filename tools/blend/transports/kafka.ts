import {
  Admin,
  type BaseOptions,
  Consumer,
  MessagesStreamFallbackModes,
  MessagesStreamModes,
  ProduceAcks,
  Producer,
} from "@platformatic/kafka";

import { readIdentity } from "../stats/payload";
import { within } from "./pending";
import { type Client, type Listening, SendError, type Server, type Target, type Transport } from "./transport";

const REFUSED =
  "Kafka keeps a request that nobody waits for any longer, and it would be executed later; take RabbitMQ, Artemis or routers";

/**
 * Kafka by @platformatic/kafka: notifications. kafkajs, which is better known, had its last release in 2023 and does
 * not speak the consumer protocol of Kafka 4.
 */
export const kafka: Transport = {
  direct: false,
  patterns: () => ({
    call: { refused: REFUSED },
    cast: { refused: REFUSED },
    fanout: { refused: REFUSED },
    notification: "one",
  }),
  connect: (target) => Promise.resolve(new KafkaClient(target)),
  serve: serveKafka,
  async remove(target, _pattern, topic) {
    const admin = new Admin(login(target));
    try {
      await within("remove", admin.deleteTopics({ topics: [topicOf(target, topic)] }), 10_000);
    } finally {
      await admin.close();
    }
  },
};

class KafkaClient implements Client {
  private readonly producer: Producer<Buffer, Buffer, Buffer, Buffer>;

  constructor(private readonly target: Target) {
    this.producer = new Producer({ ...login(target), autocreateTopics: true });
  }

  call(): Promise<Buffer> {
    return Promise.reject(new SendError("refused", REFUSED));
  }

  async send(_pattern: string, topic: string, value: Buffer, timeoutMs: number): Promise<void> {
    // Order holds within a partition: one sender, one key, one partition.
    const key = Buffer.from(String(readIdentity(value).sender));
    const message = { topic: topicOf(this.target, topic), key, value };
    await within("send", this.producer.send({ messages: [message], acks: ProduceAcks.ALL }), timeoutMs);
  }

  close(): Promise<void> {
    return closing(() => this.producer.close());
  }
}

async function serveKafka(target: Target, { topic, handle }: Listening): Promise<Server> {
  const name = topicOf(target, topic);
  const consumer = new Consumer({ ...login(target), groupId: name, autocreateTopics: true });
  const stream = await consumer.consume({
    topics: [name],
    mode: MessagesStreamModes.COMMITTED,
    fallbackMode: MessagesStreamFallbackModes.EARLIEST,
    autocommit: 500,
    maxWaitTime: 500,
    // A listener that goes without a word is replaced within this.
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
  });
  const work = async () => {
    for await (const { value } of stream) await handle(value);
  };
  // It ends with an error when it is closed while it fetches.
  work().catch(() => undefined);
  stream.on("error", () => undefined);
  return { close: () => closing(() => consumer.close(true)) };
}

/** The rights of a service's user: topics and groups that begin with its name. */
function topicOf({ user }: Target, topic: string): string {
  return user === "" ? topic : `${user}.${topic}`;
}

function login({ endpoints, user, password, tls }: Target): BaseOptions {
  return {
    clientId: "blend",
    bootstrapBrokers: endpoints.map(({ host, port }) => `${host}:${port}`),
    ...(tls && { tls: tls.ca === "" ? {} : { ca: tls.ca } }),
    ...(user !== "" && { sasl: { mechanism: "SCRAM-SHA-512", username: user, password } }),
    timeout: 10_000,
    connectTimeout: 5_000,
    retries: 40,
    retryDelay: 250,
  };
}

/** A client that has lost its broker may never end. */
async function closing(close: () => Promise<unknown>): Promise<void> {
  await within("close", close(), 5_000).catch(() => undefined);
}
