import type { OptionValue } from "../ini";

export const AMQP = "oslo_messaging_amqp";

/**
 * `[oslo_messaging_amqp]`: TLS, a login, and addresses by what the peer is: routable ones on routers, legacy ones on
 * brokers.
 */
export function amqpOptions(caFile: string | undefined): Record<string, OptionValue> {
  return {
    ssl: true,
    ...(caFile === undefined ? {} : { ssl_ca_file: caFile }),
    sasl_mechanisms: "PLAIN",
    addressing_mode: "dynamic",
    pseudo_vhost: true,
    // What needs no acknowledgement. Calls and casts are not among them: one that no server takes must fail. A cast that
    // is settled beforehand, the library's default, waits in its sender for 30 s and may run when a server is back.
    pre_settled: ["rpc-reply"],
    // Seconds until a link that was refused is tried anew. With the default of 10, a router that died cost every caller
    // 11 seconds and dozens of failed calls; with 1, two calls.
    link_retry_delay: 1,
  };
}
