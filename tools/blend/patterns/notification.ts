import { byCopies, type Pattern } from "./pattern";

/** Stored until somebody listens, and never lost once the middleware has taken it over. */
export const notification: Pattern = {
  name: "notification",
  latency: "delivery",
  deliveries: byCopies,
  send: (client, topic, body, timeoutMs) => client.send("notification", topic, body, timeoutMs),
};
