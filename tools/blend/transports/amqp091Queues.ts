import type { Channel, ConsumeMessage } from "amqplib";

import type { Listening, PatternName, Target } from "./transport";

/** Messages that a server has in hand at most; streams need a limit. */
export const PREFETCH = 100;

/** Milliseconds after which the broker removes a queue that nobody used; nothing of a run that was killed stays. */
const EXPIRES = 600_000;

/** Said although it is RabbitMQ's default: a virtual host can have another one. */
const CLASSIC = { "x-queue-type": "classic" };

export function queueName(pattern: PatternName, topic: string): string {
  return `${topic}.${pattern}`;
}

export function fanoutExchange(topic: string): string {
  return `${topic}.fanout`;
}

/** The queue in which notifications wait; the sender declares it, too, so that none is lost before somebody listens. */
export async function declareNotifications(channel: Channel, { options }: Target, topic: string): Promise<void> {
  const { queue = "classic", durable = "true" } = options;
  await channel.assertQueue(queueName("notification", topic), {
    durable: durable === "true",
    arguments: { "x-queue-type": queue, ...(queue !== "stream" && { "x-expires": EXPIRES }) },
  });
}

/** Subscribes to what the pattern needs; `take` gets null when the broker ends the subscription. */
export async function subscribe(
  channel: Channel,
  target: Target,
  { pattern, topic, index }: Listening,
  take: (message: ConsumeMessage | null) => void,
): Promise<void> {
  const { queue: type = "classic" } = target.options;
  if (pattern === "fanout") {
    await channel.assertExchange(fanoutExchange(topic), "fanout", { durable: false });
    const queue = await fanoutQueue(channel, type, topic, index);
    await channel.consume(queue, take, type === "stream" ? { arguments: { "x-stream-offset": "next" } } : {});
    return;
  }
  if (pattern === "notification") {
    await declareNotifications(channel, target, topic);
    // A stream's listener begins where the stream does: it keeps no place for anybody.
    const offset = type === "stream" ? { arguments: { "x-stream-offset": "first" } } : {};
    await channel.consume(queueName(pattern, topic), take, offset);
    return;
  }
  await channel.assertQueue(queueName(pattern, topic), requests(type));
  await channel.consume(queueName(pattern, topic), take);
}

/** Where requests wait: a transient queue goes with its last server; a quorum queue is always durable. */
function requests(type: string) {
  return type === "quorum"
    ? { durable: true, arguments: { "x-queue-type": type, "x-expires": EXPIRES } }
    : { durable: false, autoDelete: true, arguments: CLASSIC };
}

/** A queue of each server, and one stream for all, as oslo.messaging's `rabbit_stream_fanout` has it. */
async function fanoutQueue(channel: Channel, type: string, topic: string, index: number): Promise<string> {
  const name = type === "stream" ? `${topic}.fanout` : `${topic}.fanout.${process.pid}.${index}`;
  if (type === "stream") {
    await channel.assertQueue(name, { durable: true, arguments: { "x-queue-type": "stream", "x-max-age": "1h" } });
  } else if (type === "quorum") {
    await channel.assertQueue(name, requests(type));
  } else {
    await channel.assertQueue(name, { durable: false, exclusive: true, arguments: CLASSIC });
  }
  await channel.bindQueue(name, fanoutExchange(topic), "");
  return name;
}
