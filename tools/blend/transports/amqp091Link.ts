import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { type ChannelModel, connect } from "amqplib";

import { within } from "./pending";
import type { Target } from "./transport";

/** Milliseconds between tries to connect. */
const RETRY = 250;

/** Milliseconds in which a broker must have opened a connection, and in which everything must be set up on it. */
const OPEN = 5_000;

/**
 * A connection that comes back, at the next of the hosts, and is set up anew. amqplib's own recovery knows one host
 * only, and restores no consumer.
 */
export class RabbitLink<T> {
  private connection: ChannelModel | undefined;
  private current: Promise<T>;
  private closed = false;
  private host = 0;
  /** Why the last try failed. */
  trouble: unknown;

  constructor(
    private readonly target: Target,
    /** Makes channels and subscriptions; `again` asks for everything to be made anew. */
    private readonly setUp: (connection: ChannelModel, again: () => void) => Promise<T>,
    private readonly lost: () => void = () => undefined,
  ) {
    this.current = this.open();
  }

  /** What was set up, as soon as there is a connection. */
  async ready(): Promise<T> {
    return this.current;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.connection?.close().catch(() => undefined);
  }

  private async open(): Promise<T> {
    for (;;) {
      if (this.closed) return new Promise<T>(() => undefined);
      try {
        return await this.tryOnce();
      } catch (error) {
        this.trouble = error;
        this.host += 1;
        await sleep(RETRY);
      }
    }
  }

  private async tryOnce(): Promise<T> {
    const { endpoints, user, password, vhost, tls } = this.target;
    const { host = "", port } = endpoints[this.host % endpoints.length] ?? {};
    const connection = await connect(
      // A broker that is gone without a word is noticed after two beats.
      { protocol: tls ? "amqps" : "amqp", hostname: host, port, username: user, password, vhost, heartbeat: 2 },
      { ...(tls?.ca && { ca: [tls.ca] }), timeout: OPEN, noDelay: true },
    );
    let over = false;
    const end = () => {
      if (over) return;
      over = true;
      if (this.connection === connection) this.reopen();
      connection.close().catch(() => undefined);
    };
    connection.on("error", (error: Error) => (this.trouble = error));
    connection.on("close", end);
    try {
      const made = await within("set up", this.setUp(watched(connection, end), end), OPEN);
      if (over || this.closed) throw new Error("the connection was closed while it was set up");
      this.connection = connection;
      return made;
    } catch (error) {
      sever(connection);
      throw error;
    }
  }

  private reopen(): void {
    this.connection = undefined;
    if (this.closed) return;
    this.lost();
    this.host += 1;
    this.current = this.open();
  }
}

/** Ends a connection at once: one that waits for the broker would wait for it when it is closed in order, too. */
function sever(connection: ChannelModel): void {
  (connection.connection as unknown as { stream?: Socket }).stream?.destroy();
}

/** Channels whose end is the connection's end: nothing goes on with half of what it had. */
function watched(connection: ChannelModel, end: () => void): ChannelModel {
  for (const make of ["createChannel", "createConfirmChannel"] as const) {
    const original = connection[make].bind(connection) as (...args: unknown[]) => Promise<never>;
    connection[make] = async (...args: unknown[]) => {
      const channel = (await original(...args)) as { on(event: string, listener: () => void): void };
      channel.on("error", () => undefined);
      channel.on("close", end);
      return channel as never;
    };
  }
  return connection;
}
