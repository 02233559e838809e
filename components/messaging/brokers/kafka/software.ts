import { PORTS } from "../../servers/ports";
import type { BrokerSoftware } from "../software";
import { kafkaUserData } from "./host";

/**
 * Apache Kafka in KRaft mode: notifications only. The image is the first line of releases whose controllers join their
 * quorum by themselves (`controller.quorum.auto.join.enable`, 4.2), plus one.
 */
export const KAFKA: BrokerSoftware = {
  image: "docker.io/apache/kafka:4.3.1",
  description: "Kafka members: SASL over TLS from clients, replication and the controllers' quorum among themselves",
  clients: { key: "kafka-from-clients", port: PORTS.kafka },
  endpoints: "address",
  selfPorts: [PORTS.kafkaReplication, PORTS.kafkaController],
  userData: kafkaUserData,
};
