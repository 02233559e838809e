import { byCopies, type Pattern } from "./pattern";

/** Every server executes it, and nobody waits for them. */
export const fanout: Pattern = {
  name: "fanout",
  latency: "delivery",
  deliveries: byCopies,
  send: (client, topic, body, timeoutMs) => client.send("fanout", topic, body, timeoutMs),
};
