import { join } from "node:path";

import { CHECKOUT } from "../../../tools/workspace/workspace";
import type { DockerHost } from "./DockerHost";

/** A client of its own process, since it runs where the engine's published ports are. It prints what came of it. */
const CLIENT = `
const [amqplib, url, ca, action, text] = process.argv.slice(1);
const queue = ["kept-messages", { durable: true, arguments: { "x-queue-type": "quorum" } }];
const { connect } = require(amqplib);
(async () => {
  const connection = await connect(url, ca === "" ? {} : { ca: [Buffer.from(ca)] });
  connection.on("error", () => {});
  if (action === "login") process.stdout.write("welcome");
  else {
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(...queue);
    if (action === "put") {
      channel.sendToQueue(queue[0], Buffer.from(text), { persistent: true });
      await channel.waitForConfirms();
    } else {
      const message = await channel.get(queue[0], { noAck: true });
      process.stdout.write(message ? message.content.toString() : "nothing");
    }
  }
  await connection.close();
})().catch((error) => process.stdout.write(String(error.message)));
`;

const client = (host: DockerHost, ...args: string[]) =>
  host.onHost(process.execPath, "-e", CLIENT, join(CHECKOUT, "node_modules", "amqplib"), ...args);

/** Logs in; gives "welcome", or why not. */
export function login(host: DockerHost, url: string, caPem: string): Promise<string> {
  return client(host, url, caPem, "login");
}

/** Stores a message in a quorum queue, and waits until a majority has it. */
export async function putMessage(host: DockerHost, url: string, caPem: string, text: string): Promise<void> {
  const failed = await client(host, url, caPem, "put", text);
  if (failed !== "") throw new Error(failed);
}

/** Takes a message from the queue; gives its text. */
export function getMessage(host: DockerHost, url: string, caPem: string): Promise<string> {
  return client(host, url, caPem, "get");
}
