import type { Client, Copies, PatternName } from "../transports/transport";

/** What a latency ends with: the answer at the client, or the delivery at a server. */
export function latencyEnd(pattern: PatternName): "answer" | "delivery" {
  return pattern === "call" ? "answer" : "delivery";
}

/** Deliveries of one message. */
export function deliveriesOf(copies: Copies, servers: number): number {
  return copies === "each" ? servers : 1;
}

/** Resolves when a call is answered, and when the middleware has taken anything else over. */
export function sendAs(
  pattern: PatternName,
  client: Client,
  topic: string,
  body: Buffer,
  timeoutMs: number,
): Promise<unknown> {
  return pattern === "call" ? client.call(topic, body, timeoutMs) : client.send(pattern, topic, body, timeoutMs);
}
