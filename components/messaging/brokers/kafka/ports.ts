import { PORTS } from "../../servers/ports";

/** Who may connect to which port of a member. */
export const KAFKA_PORTS = {
  clients: { key: "kafka-from-clients", port: PORTS.kafka },
  selfPorts: [PORTS.kafkaReplication, PORTS.kafkaController],
} as const;
