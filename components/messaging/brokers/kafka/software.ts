import type { BrokerSoftware } from "../software";
import { kafkaUserData } from "./host";
import { KAFKA_PORTS } from "./ports";

/**
 * Apache Kafka in KRaft mode: notifications only. The image is the first line of releases whose controllers join their
 * quorum by themselves (`controller.quorum.auto.join.enable`, 4.2), plus one.
 */
export const KAFKA: BrokerSoftware = {
  image: "docker.io/apache/kafka:4.3.1",
  description: "Kafka members: SASL over TLS from clients, replication and the controllers' quorum among themselves",
  ...KAFKA_PORTS,
  endpoints: "address",
  userData: kafkaUserData,
};
