import { inspect } from "node:util";

import { type Connection, create_container, type EventContext, type ReceiverOptions } from "rhea";

export interface AmqpLogin {
  host: string;
  port: number;
  /** The name that must be in the server's certificate. */
  servername: string;
  username: string;
  password: string;
  /** The authority that signed the server's certificate, as PEM. */
  ca: string;
}

/** How long the client waits for anything; the machine may be busy. */
const PATIENCE_MS = 60_000;

/** A client of AMQP 1.0 over TLS. */
export class AmqpClient {
  private constructor(private readonly connection: Connection) {}

  static connect({ ca, ...login }: AmqpLogin): Promise<AmqpClient> {
    const container = create_container();
    return within("connect", (resolve, reject) => {
      const connection = container.connect({ ...login, transport: "tls", ca: [ca], reconnect: false });
      connection.once("connection_open", () => resolve(new AmqpClient(connection)));
      for (const event of ["connection_error", "disconnected", "error"]) {
        connection.once(event, ({ error }: EventContext) =>
          reject(new Error(`${event}: ${inspect(error, { depth: 1 })}`)),
        );
      }
    });
  }

  /** Sends a message; resolved when the broker has accepted it. */
  send(address: string, body: string, { durable = false } = {}): Promise<void> {
    const sender = this.connection.open_sender({ target: { address } });
    return within<void>(`send to ${address}`, (resolve, reject) => {
      sender.once("sendable", () => sender.send({ body, durable }));
      sender.once("accepted", () => resolve());
      for (const event of ["rejected", "released", "modified", "sender_error", "sender_close"]) {
        sender.once(event, () => reject(new Error(`${event}: ${inspect(sender.error)}`)));
      }
    }).finally(() => sender.close());
  }

  /** Listens; what is received is added to the list. */
  subscribe(address: string): { opened: Promise<void>; received: string[]; close: () => void } {
    const options: ReceiverOptions = { source: { address } };
    const receiver = this.connection.open_receiver(options);
    const received: string[] = [];
    receiver.on("message", ({ message }: EventContext) => received.push(String(message?.body)));
    const opened = within<void>(`listen on ${address}`, (resolve, reject) => {
      receiver.once("receiver_open", () => resolve());
      receiver.once("receiver_error", () => reject(new Error(inspect(receiver.error))));
    });
    return { opened, received, close: () => receiver.close() };
  }

  /** The next message of an address. */
  receive(address: string): Promise<string> {
    const receiver = this.connection.open_receiver({ source: { address }, credit_window: 1 });
    return within<string>(`receive from ${address}`, (resolve, reject) => {
      receiver.once("message", ({ message }: EventContext) => resolve(String(message?.body)));
      receiver.once("receiver_error", () => reject(new Error(inspect(receiver.error))));
    }).finally(() => receiver.close());
  }

  close(): void {
    this.connection.removeAllListeners();
    // What is lost on the way out is of no concern.
    for (const event of ["connection_error", "disconnected", "error"]) this.connection.on(event, () => undefined);
    this.connection.close();
  }
}

function within<T>(
  what: string,
  work: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what}: nothing within ${PATIENCE_MS} ms`)), PATIENCE_MS);
    const done = <A>(end: (value: A) => void) => {
      return (value: A) => {
        clearTimeout(timer);
        end(value);
      };
    };
    work(done(resolve), done(reject));
  });
}
