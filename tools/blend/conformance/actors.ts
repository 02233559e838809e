import { setTimeout as sleep } from "node:timers/promises";

import { sendAs } from "../patterns/pattern";
import { now } from "../stats/clock";
import { readIdentity, writePayload } from "../stats/payload";
import { Seen } from "../stats/seen";
import type { Client, Server } from "../transports/transport";
import type { Subject } from "./promise";

/** The sender of messages that only find out whether somebody listens already. */
const PROBE = 0xffff_ffff;

/** Bytes of a message. */
const SIZE = 64;

/** Somebody who listens and remembers. */
export interface Listener {
  seen: Seen;
  /** Whether a probe has come. */
  probed(): boolean;
  close(): Promise<void>;
}

/** Listens at a topic; `work` is done for each message before it counts as done. */
export async function listen(
  { transport, target, pattern }: Subject,
  topic: string,
  index = 0,
  work: () => Promise<void> = () => Promise.resolve(),
): Promise<Listener> {
  const seen = new Seen();
  let probed = false;
  const handle = async (body: Buffer) => {
    const { sender, sequence } = readIdentity(body);
    if (sender === PROBE) probed = true;
    else seen.add(sender, sequence);
    await work();
    return body;
  };
  const server = await transport.serve(target, { pattern, topic, index, handle });
  return { seen, probed: () => probed, close: () => server.close() };
}

/** Sends a message of a sender; resolves when it is answered, or taken over. */
export function send(
  { pattern }: Subject,
  client: Client,
  topic: string,
  [sender, sequence]: [sender: number, sequence: number],
  { timeoutMs = 10_000, size = SIZE } = {},
): Promise<unknown> {
  const body = writePayload({ intended: now(), sender, sequence, counted: true }, size);
  return sendAs(pattern, client, topic, body, timeoutMs);
}

/** Sends probes until every listener has got one: members tell each other of listeners a moment later. */
export async function reach(
  subject: Subject,
  client: Client,
  topic: string,
  listeners: readonly Listener[],
): Promise<void> {
  const end = now() + 60_000;
  for (let sequence = 0; !listeners.every((listener) => listener.probed()); sequence++) {
    if (now() > end) throw new Error("not every listener was reached within 60 s");
    await send(subject, client, topic, [PROBE, sequence], { timeoutMs: 2_000 }).catch(() => undefined);
    await sleep(100);
  }
}

/** Waits until something is so, at most so many milliseconds; whether it is. */
export async function until(isSo: () => boolean, ms: number): Promise<boolean> {
  const end = now() + ms;
  while (!isSo()) {
    if (now() > end) return false;
    await sleep(50);
  }
  return true;
}

/** Uses clients and servers, and closes them whatever happens. */
export async function using<T>(
  work: (open: <A extends Client | Server>(one: Promise<A>) => Promise<A>) => Promise<T>,
): Promise<T> {
  const opened: { close(): Promise<void> }[] = [];
  try {
    return await work(async (one) => {
      const made = await one;
      opened.push(made);
      return made;
    });
  } finally {
    await Promise.all(opened.map((one) => one.close().catch(() => undefined)));
  }
}
