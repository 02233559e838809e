import type { Client, Copies, PatternName } from "../transports/transport";

/** How a pattern is sent, and what its latency is. */
export interface Pattern {
  name: PatternName;
  /** What a latency ends with: the answer at the client, or the delivery at a server. */
  latency: "answer" | "delivery";
  /** Deliveries of one message. */
  deliveries(copies: Copies, servers: number): number;
  /** Resolves when a call is answered, and when the middleware has taken anything else over. */
  send(client: Client, topic: string, body: Buffer, timeoutMs: number): Promise<unknown>;
}

/** Deliveries where nothing else is meant. */
export const byCopies: Pattern["deliveries"] = (copies, servers) => (copies === "each" ? servers : 1);
