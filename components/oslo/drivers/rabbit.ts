import { hasQuorumQueues } from "../../messaging/backend/matrix";
import type { Release } from "../../releases";
import { findOption, hasOption } from "../catalogue";
import type { OptionValue } from "../ini";

export const RABBIT = "oslo_messaging_rabbit";

/** Unacknowledged messages that a consumer holds; streams need a limit, 0 (the library's default) is none. */
const PREFETCH = 10;

/** Seconds over which clients spread their reconnections when a broker goes, so that they do not all come at once. */
const RECONNECT_SPLAY = 5;

/**
 * `[oslo_messaging_rabbit]`: TLS, and queues that outlive a broker as far as the release can ask for them. Upstream
 * recommends the quorum and stream options together with the queue manager, which keeps the number of queues small.
 */
export function rabbitOptions(release: Release, caFile: string | undefined): Record<string, OptionValue> {
  return {
    ssl: true,
    ...(caFile === undefined ? {} : { ssl_ca_file: caFile }),
    ...queueOptions(release),
    ...heartbeatOptions(release),
    ...(hasOption(RABBIT, "kombu_reconnect_splay", release) ? { kombu_reconnect_splay: RECONNECT_SPLAY } : {}),
  };
}

function queueOptions(release: Release): Record<string, OptionValue> {
  // Older clients ask for durable queues; the virtual host's default makes them quorum queues.
  if (!hasQuorumQueues(release)) return { amqp_durable_queues: true };
  if (!hasOption(RABBIT, "rabbit_stream_fanout", release)) return { rabbit_quorum_queue: true };
  return {
    rabbit_quorum_queue: true,
    rabbit_transient_quorum_queue: true,
    rabbit_stream_fanout: true,
    rabbit_qos_prefetch_count: PREFETCH,
    use_queue_manager: true,
  };
}

/** From Wallaby to Yoga heartbeats ran in a native thread by default, which hangs services on green threads. */
function heartbeatOptions(release: Release): Record<string, OptionValue> {
  const facts = findOption(RABBIT, "heartbeat_in_pthread", release)?.facts;
  return facts?.default === true ? { heartbeat_in_pthread: false } : {};
}
