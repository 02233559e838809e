import type { OptionValue } from "../ini";

export const ZMQ = "oslo_messaging_zmq";

/** `[oslo_messaging_zmq]`: services find each other in Redis and talk without anything between them. */
export function zmqOptions(): Record<string, OptionValue> {
  return { rpc_zmq_matchmaker: "redis", use_router_proxy: false, use_pub_sub: false, use_dynamic_connections: true };
}
