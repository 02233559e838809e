import { setTimeout as sleep } from "node:timers/promises";

import { Dealer, Router } from "zeromq";

import { Pending } from "./pending";
import { type Client, type Listening, SendError, type Server, type Target, type Transport } from "./transport";
import { SendQueue } from "./zeromqQueue";

/** Messages on the way to one peer at most, at either end; beyond them the sender waits. */
const HIGH_WATER = 1_000;

const NOT_STORED = "ZeroMQ stores nothing: what is sent while nobody listens is lost; take RabbitMQ, Artemis or Kafka";

/** A message that wants no answer, and when one expires that has no time. */
const NO_ANSWER = "";
const NEVER = "0";

/** Milliseconds for which a server waits until the port of the one before it is free. */
const BIND = 5_000;

/** ZeroMQ from process to process, without a broker: the n-th server listens at the n-th host of the URL. */
export const zeromq: Transport = {
  direct: true,
  patterns: () => ({ call: "one", cast: "one", fanout: "each", notification: { refused: NOT_STORED } }),
  connect: async (target) => {
    const client = new ZeromqClient(target);
    await client.anyConnected(5_000);
    return client;
  },
  serve: serveZeromq,
};

/** One socket to all servers, which takes turns among those that are there, and one to each for fan-out. */
class ZeromqClient implements Client {
  private readonly any: SendQueue;
  private readonly each: SendQueue[];
  private readonly answers = new Pending<string, Buffer>();
  private next = 0;

  constructor(target: Target) {
    const addresses = target.endpoints.map(({ host, port }) => `tcp://${host}:${port}`);
    this.any = new SendQueue(dealer(), addresses, (id, body) => this.answers.resolve(id.toString(), body));
    this.each = addresses.map((address) => new SendQueue(dealer(), [address], () => undefined));
  }

  /** Gives servers that are there the time to be found. */
  async anyConnected(ms: number): Promise<void> {
    await Promise.race([
      Promise.all([this.any, ...this.each].map((queue) => queue.connected())),
      new Promise((resolve) => setTimeout(resolve, Math.min(ms, 500))),
    ]);
  }

  async call(topic: string, body: Buffer, timeoutMs: number): Promise<Buffer> {
    const id = String(++this.next);
    const answered = this.answers.wait(id, timeoutMs);
    const expires = String(Date.now() + timeoutMs);
    // A request that was not sent in time must not be sent at all.
    const frames = () => (this.answers.has(id) ? [id, topic, expires, body] : undefined);
    this.any.send(frames).catch((error: unknown) => this.answers.reject(id, refused(error)));
    return answered;
  }

  async send(pattern: string, topic: string, body: Buffer, timeoutMs: number): Promise<void> {
    const peers = pattern === "fanout" ? this.each.filter((peer) => peer.peers > 0) : [this.any];
    await Promise.all(peers.map((peer) => peer.sendWithin([NO_ANSWER, topic, NEVER, body], timeoutMs)));
  }

  close(): Promise<void> {
    for (const queue of [this.any, ...this.each]) queue.close();
    this.answers.rejectAll(new SendError("disconnected", "the client was closed"));
    return Promise.resolve();
  }
}

function dealer(): Dealer {
  // `immediate`: nothing waits for a server that is not there.
  const options = { immediate: true, linger: 0, sendHighWaterMark: HIGH_WATER, receiveHighWaterMark: HIGH_WATER };
  return new Dealer({ ...options, reconnectInterval: 100, reconnectMaxInterval: 500 });
}

async function serveZeromq(target: Target, { pattern, topic, index, handle }: Listening): Promise<Server> {
  const endpoint = target.endpoints[index];
  if (endpoint === undefined) throw new SendError("refused", `the transport URL has no host for server ${index + 1}`);
  const socket = new Router({ linger: 0, sendHighWaterMark: HIGH_WATER, receiveHighWaterMark: HIGH_WATER });
  await bind(socket, `tcp://${endpoint.host}:${endpoint.port}`);
  let sending = Promise.resolve();
  const work = async () => {
    for await (const [peer, id, asked, expires, body] of socket) {
      if (peer === undefined || id === undefined || body === undefined || asked?.toString() !== topic) continue;
      // It waited in a buffer on the way: whoever sent it has given up.
      if (Number(expires) > 0 && Number(expires) < Date.now()) continue;
      const answer = await handle(body);
      if (pattern !== "call" || answer === undefined) continue;
      // A socket takes one message after the other.
      sending = sending.then(() => socket.send([peer, id, answer])).catch(() => undefined);
    }
  };
  work().catch(() => undefined);
  return {
    close: () => {
      socket.close();
      return Promise.resolve();
    },
  };
}

async function bind(socket: Router, address: string): Promise<void> {
  const end = Date.now() + BIND;
  for (;;) {
    try {
      return await socket.bind(address);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || Date.now() > end) throw error;
      await sleep(50);
    }
  }
}

function refused(error: unknown): SendError {
  return error instanceof SendError ? error : new SendError("refused", String(error));
}
