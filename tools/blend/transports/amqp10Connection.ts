import { isIP } from "node:net";
import { inspect } from "node:util";

import type { Connection, ConnectionOptions, EventContext, Receiver } from "rhea";

import { SendError, type Target } from "./transport";

/** Milliseconds between tries to connect. */
const RETRY = 250;

/** Milliseconds within which a link must be open. */
const OPEN = 30_000;

/** Options of a connection that comes back, at the next of the hosts. */
export function amqp10Connection({ endpoints, user, password, vhost, tls }: Target): ConnectionOptions {
  let tries = 0;
  const common = {
    username: user,
    password,
    ...(vhost !== "" && { hostname: vhost }),
    // A peer that is gone without a word is noticed after this.
    idle_time_out: 5_000,
    reconnect: true,
    initial_reconnect_delay: RETRY,
    max_reconnect_delay: RETRY,
    port: endpoints[0]?.port ?? 0,
  };
  const options = tls
    ? { ...common, transport: "tls" as const, ...(tls.ca !== "" && { ca: [tls.ca] }) }
    : { ...common, transport: "tcp" as const };
  const connection_details = () => {
    const { host = "", port = 0 } = endpoints[tries++ % endpoints.length] ?? {};
    // A certificate names the host, not the virtual host that the connection asks for.
    const names = isIP(host) === 0 ? { servername: host } : {};
    return { host, port, transport: options.transport, options: { ...options, ...names, host, port } };
  };
  return { ...options, connection_details };
}

/** Waits for a link, and says why there is none. What a link has a listener for, its connection does not hear. */
export function opened(receiver: Receiver, { endpoints }: Target): Promise<void> {
  const { connection } = receiver;
  return new Promise((resolve, reject) => {
    let trouble = "nothing answers";
    const fail = (text: string) => {
      stopReconnecting(connection);
      connection.close();
      const hosts = endpoints.map(({ host, port }) => `${host}:${port}`).join(", ");
      reject(new SendError("disconnected", `no link to ${hosts}: ${text}`));
    };
    const timer = setTimeout(() => fail(trouble), OPEN);
    receiver.once("receiver_open", () => {
      clearTimeout(timer);
      resolve();
    });
    connection.on("disconnected", ({ error }: EventContext) => (trouble = inspect(error, { depth: 0 })));
    for (const refused of ["connection_error", "receiver_error", "sender_error"]) {
      connection.on(refused, (context: EventContext) => {
        const { error } = context.receiver ?? context.sender ?? context.connection;
        trouble = `${refused}: ${inspect(error, { depth: 1 })}`;
      });
    }
    // Without a listener rhea throws it.
    connection.on("error", (error: unknown) => (trouble = String(error)));
  });
}

/** A connection that is closed on purpose stays closed. rhea's types lack the method. */
export function stopReconnecting(connection: Connection): void {
  (connection as Connection & { set_reconnect(reconnect: boolean): void }).set_reconnect(false);
}
