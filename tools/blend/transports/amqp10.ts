import { type Connection, create_container, type EventContext, type Message, type Receiver } from "rhea";

import { amqp10Connection, opened, stopReconnecting } from "./amqp10Connection";
import { Amqp10Sender } from "./amqp10Sender";
import { Pending } from "./pending";
import {
  type Client,
  type Listening,
  type PatternName,
  SendError,
  type Server,
  type Target,
  type Transport,
} from "./transport";

/** Messages that a server has in hand at most. */
const CREDIT = 100;

const NOT_STORED =
  "a router stores nothing: what is sent while nobody listens is not taken over; take a broker behind it, or beside it";

/**
 * AMQP 1.0 by rhea, with oslo.messaging's addresses: by a broker that speaks it, such as Artemis, or through routers
 * (`peer` of the URL; default broker).
 */
export const amqp10: Transport = {
  direct: false,
  patterns: ({ options }) => {
    const notification = options["peer"] === "router" ? { refused: NOT_STORED } : ("one" as const);
    return { call: "one", cast: "one", fanout: "each", notification };
  },
  connect: async (target) => {
    const client = new Amqp10Client(target);
    await client.opened();
    return client;
  },
  serve: serveAmqp10,
};

/** The routable addresses of oslo.messaging's driver. Source: `amqp1_driver/addressing.py` of oslo.messaging 14.9.3. */
export function amqp10Address(pattern: PatternName, topic: string, vhost: string): string {
  const kind = pattern === "notification" ? "notify/anycast" : pattern === "fanout" ? "rpc/multicast" : "rpc/anycast";
  const parts = ["openstack.org/om", kind, ...(vhost === "" ? [] : [vhost]), "blend", topic];
  return parts.join("/") + (pattern === "cast" ? ".cast" : "");
}

class Amqp10Client implements Client {
  private readonly connection: Connection;
  private readonly senders = new Map<string, Amqp10Sender>();
  private readonly answers = new Pending<string, Buffer>();
  private readonly receiver: Receiver;
  private replyTo: string | undefined;
  private next = 0;

  constructor(private readonly target: Target) {
    this.connection = create_container().connect(amqp10Connection(target));
    this.receiver = this.connection.open_receiver({ source: { address: "", dynamic: true }, credit_window: CREDIT });
    // After a reconnection it is another one.
    this.receiver.on("receiver_open", () => (this.replyTo = this.receiver.source.address));
    this.receiver.on("message", ({ message }: EventContext) => {
      this.answers.resolve(String(message?.correlation_id), bodyOf(message));
    });
    this.connection.on("disconnected", () => {
      this.replyTo = undefined;
      this.answers.rejectAll(new SendError("disconnected", "the connection was lost"));
      for (const sender of this.senders.values()) sender.disconnected();
    });
  }

  async opened(): Promise<void> {
    await opened(this.receiver, this.target);
  }

  async call(topic: string, body: Buffer, timeoutMs: number): Promise<Buffer> {
    const id = String(this.next++);
    const answered = this.answers.wait(id, timeoutMs);
    const message = () => ({ body, correlation_id: id, reply_to: this.replyTo ?? "", ttl: timeoutMs });
    this.sender("call", topic)
      // Without an address for answers there is no connection.
      .send(message, timeoutMs, () => this.replyTo !== undefined)
      .catch((error: SendError) => this.answers.reject(id, error));
    return answered;
  }

  send(pattern: Exclude<PatternName, "call">, topic: string, body: Buffer, timeoutMs: number): Promise<void> {
    const durable = pattern === "notification";
    return this.sender(pattern, topic).send(() => ({ body, durable }), timeoutMs);
  }

  close(): Promise<void> {
    return closed(this.connection);
  }

  private sender(pattern: PatternName, topic: string): Amqp10Sender {
    const address = amqp10Address(pattern, topic, this.target.vhost);
    const found = this.senders.get(address) ?? new Amqp10Sender(this.connection, address);
    this.senders.set(address, found);
    return found;
  }
}

async function serveAmqp10(target: Target, { pattern, topic, handle }: Listening): Promise<Server> {
  const connection = create_container().connect(amqp10Connection(target));
  // One sender without an address carries all answers; each says where to.
  const answers = new Amqp10Sender(connection, undefined);
  connection.on("disconnected", () => answers.disconnected());
  const address = amqp10Address(pattern, topic, target.vhost);
  const receiver = connection.open_receiver({ source: { address }, credit_window: 0, autoaccept: false });
  receiver.on("receiver_open", () => receiver.add_credit(CREDIT));
  receiver.on("message", ({ message, delivery }: EventContext) => {
    const work = async () => {
      const answer = await handle(bodyOf(message));
      const { reply_to: to, correlation_id } = message ?? {};
      if (answer !== undefined && to !== undefined) {
        answers.send(() => ({ to, correlation_id, body: answer }), 5_000).catch(() => undefined);
      }
      // What was received before a reconnection is somebody else's meanwhile.
      if (connection.is_open()) delivery?.accept();
      receiver.add_credit(1);
    };
    void work();
  });
  await opened(receiver, target);
  return { close: () => closed(connection) };
}

function bodyOf(message: Message | undefined): Buffer {
  const body: unknown = message?.body;
  return Buffer.isBuffer(body) ? body : Buffer.from((body as { content: Buffer }).content);
}

function closed(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    stopReconnecting(connection);
    const done = () => resolve();
    connection.once("connection_close", done).once("disconnected", done);
    connection.close();
    setTimeout(done, 2_000).unref();
  });
}
