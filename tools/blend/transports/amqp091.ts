import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage } from "amqplib";

import { RabbitLink } from "./amqp091Link";
import { declareNotifications, fanoutExchange, PREFETCH, queueName, subscribe } from "./amqp091Queues";
import { Pending, within } from "./pending";
import {
  type Client,
  type Listening,
  type PatternName,
  SendError,
  type Server,
  type Target,
  type Transport,
} from "./transport";

/** A pseudo-queue that brings answers back without any queue. Source: RabbitMQ, Direct Reply-to. */
const REPLY_TO = "amq.rabbitmq.reply-to";

const NO_STREAM =
  "a stream gives a request to all servers and keeps it: it would be executed more than once, and later";

/** AMQP 0-9-1 by amqplib: RabbitMQ with classic, quorum or stream queues (`queue` of the URL; default classic). */
export const amqp091: Transport = {
  direct: false,
  patterns: ({ options }) =>
    options["queue"] === "stream"
      ? { call: { refused: NO_STREAM }, cast: { refused: NO_STREAM }, fanout: "each", notification: "each" }
      : { call: "one", cast: "one", fanout: "each", notification: "one" },
  connect: (target) => RabbitClient.open(target),
  serve: serveRabbit,
  async remove(target, pattern, topic) {
    const link = new RabbitLink(target, (connection) => connection.createChannel());
    try {
      const channel = await within("connect", link.ready(), 10_000);
      await channel.deleteQueue(queueName(pattern, topic));
      if (pattern === "fanout") await channel.deleteExchange(fanoutExchange(topic));
    } finally {
      await link.close();
    }
  },
};

interface Publishing {
  channel: ConfirmChannel;
  /** Topics whose queues and exchanges this connection has declared. */
  declared: Map<string, Promise<void>>;
  /** Makes all of it anew. */
  again: () => void;
}

class RabbitClient implements Client {
  private readonly answers = new Pending<string, Buffer>();
  private readonly taken = new Pending<string, void>();
  private next = 0;
  private readonly link: RabbitLink<Publishing>;

  private constructor(private readonly target: Target) {
    this.link = new RabbitLink(
      target,
      (connection, again) => this.setUp(connection, again),
      () => {
        const lost = new SendError("disconnected", "the connection was lost");
        this.answers.rejectAll(lost);
        this.taken.rejectAll(lost);
      },
    );
  }

  static async open(target: Target): Promise<RabbitClient> {
    const client = new RabbitClient(target);
    await within("connect", client.link.ready(), 30_000).catch(async (error: unknown) => {
      await client.close();
      throw client.link.trouble ?? error;
    });
    return client;
  }

  async call(topic: string, body: Buffer, timeoutMs: number): Promise<Buffer> {
    const correlationId = String(this.next++);
    const answered = this.answers.wait(correlationId, timeoutMs);
    const publish = async () => {
      const publishing = await this.link.ready();
      // A request must not outlive its call, neither here nor in the broker.
      if (!this.answers.has(correlationId)) return;
      const expiration = String(timeoutMs);
      const options = { correlationId, replyTo: REPLY_TO, expiration, mandatory: true };
      publishing.channel.publish("", queueName("call", topic), body, options, (refusal) => {
        if (refusal) this.answers.reject(correlationId, refused(publishing));
      });
    };
    publish().catch((error: unknown) => this.answers.reject(correlationId, disconnected(error)));
    return answered;
  }

  async send(pattern: Exclude<PatternName, "call">, topic: string, body: Buffer, timeoutMs: number): Promise<void> {
    const messageId = String(this.next++);
    const taken = this.taken.wait(messageId, timeoutMs);
    const publish = async () => {
      const publishing = await this.link.ready();
      await this.declare(publishing, pattern, topic);
      if (!this.taken.has(messageId)) return;
      const [exchange, key] = pattern === "fanout" ? [fanoutExchange(topic), ""] : ["", queueName(pattern, topic)];
      const persistent = pattern === "notification" && this.target.options["durable"] !== "false";
      const options = { messageId, persistent, mandatory: pattern !== "fanout" };
      publishing.channel.publish(exchange, key, body, options, (refusal) => {
        if (refusal) this.taken.reject(messageId, refused(publishing));
        else this.taken.resolve(messageId);
      });
    };
    publish().catch((error: unknown) => this.taken.reject(messageId, disconnected(error)));
    return taken;
  }

  close(): Promise<void> {
    return this.link.close();
  }

  private async setUp(connection: ChannelModel, again: () => void): Promise<Publishing> {
    const channel = await connection.createConfirmChannel();
    await channel.consume(REPLY_TO, (answer) => this.answered(answer), { noAck: true });
    const absent = new SendError("absent", "there is no queue: nobody serves");
    channel.on("return", ({ properties }) => {
      this.answers.reject(String(properties.correlationId), absent);
      this.taken.reject(String(properties.messageId), absent);
    });
    return { channel, declared: new Map(), again };
  }

  private answered(answer: ConsumeMessage | null): void {
    if (answer !== null) this.answers.resolve(String(answer.properties.correlationId), answer.content);
  }

  /** What must be there before somebody listens; once a connection. */
  private declare({ channel, declared }: Publishing, pattern: PatternName, topic: string): Promise<void> {
    if (pattern === "cast") return Promise.resolve();
    const key = `${pattern} ${topic}`;
    const made =
      declared.get(key) ??
      (pattern === "fanout"
        ? channel.assertExchange(fanoutExchange(topic), "fanout", { durable: false }).then(() => undefined)
        : declareNotifications(channel, this.target, topic));
    declared.set(key, made);
    return made;
  }
}

async function serveRabbit(target: Target, listening: Listening): Promise<Server> {
  const link = new RabbitLink(target, async (connection, again) => {
    const channel = await connection.createChannel();
    await channel.prefetch(PREFETCH);
    await subscribe(channel, target, listening, (message) => {
      // The broker ended the subscription: its queue is gone, or moved.
      if (message === null) return again();
      void handle(channel, message, listening);
    });
    return channel;
  });
  await within("listen", link.ready(), 60_000).catch(async (error: unknown) => {
    await link.close();
    throw link.trouble ?? error;
  });
  return { close: () => link.close() };
}

async function handle(channel: Channel, message: ConsumeMessage, { pattern, handle }: Listening): Promise<void> {
  const answer = await handle(message.content);
  try {
    if (pattern === "call" && answer !== undefined) {
      const { correlationId, replyTo } = message.properties as { correlationId: string; replyTo: string };
      channel.publish("", replyTo, answer, { correlationId });
    }
    channel.ack(message);
  } catch {
    // The channel was closed meanwhile; the broker gives the message to somebody else.
  }
}

/**
 * A channel that was refused once is given up: one whose first message came while its quorum queue had no leader is
 * refused for good (seen with RabbitMQ 3.10.8), and only a new one finds the new leader.
 */
function refused({ again }: Publishing): SendError {
  again();
  return new SendError("refused", "the broker did not take the message");
}

function disconnected(error: unknown): SendError {
  return error instanceof SendError ? error : new SendError("disconnected", String(error));
}
