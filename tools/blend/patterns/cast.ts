import { byCopies, type Pattern } from "./pattern";

/** One server executes it, and nobody waits for it. */
export const cast: Pattern = {
  name: "cast",
  latency: "delivery",
  deliveries: byCopies,
  send: (client, topic, body, timeoutMs) => client.send("cast", topic, body, timeoutMs),
};
