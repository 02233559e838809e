import { KAFKA_SASL_MECHANISM } from "../../messaging/brokers/kafka/config";
import type { Release } from "../../releases";
import { hasOption } from "../catalogue";
import type { OptionValue } from "../ini";

export const KAFKA = "oslo_messaging_kafka";

/** `[oslo_messaging_kafka]`: TLS with a login; one consumer group for each service that listens. */
export function kafkaOptions(
  release: Release,
  service: string,
  caFile: string | undefined,
): Record<string, OptionValue> {
  const options: Record<string, OptionValue> = {
    security_protocol: "SASL_SSL",
    sasl_mechanism: KAFKA_SASL_MECHANISM,
    ...(caFile === undefined ? {} : { ssl_cafile: caFile }),
    consumer_group: service,
    // A notification counts as read once it was handed to the service, not when it was fetched.
    enable_auto_commit: false,
  };
  return Object.fromEntries(Object.entries(options).filter(([name]) => hasOption(KAFKA, name, release)));
}
