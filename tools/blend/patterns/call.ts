import type { Pattern } from "./pattern";

/** One server executes it, and the client waits for the answer. */
export const call: Pattern = {
  name: "call",
  latency: "answer",
  deliveries: () => 1,
  send: (client, topic, body, timeoutMs) => client.call(topic, body, timeoutMs),
};
