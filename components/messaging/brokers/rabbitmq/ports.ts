import type { PortRange } from "../../../network/SecurityGroup";
import { PORTS } from "../../servers/ports";

/** Erlang nodes of RabbitMQ's command-line tools. Source: RabbitMQ, Networking (CLI tools' ports). */
const TOOLS: PortRange = { port: 35_672, lastPort: 35_682 };

/** Replication of streams; a port per replica that is starting. Source: RabbitMQ, Networking (stream replication). */
const STREAM_REPLICATION: PortRange = { port: 6000, lastPort: 6500 };

/**
 * Who may connect to which port of a member. Tools are among the members' own because every node answers some questions
 * by itself: without their ports `list_queues` waits for the queues of other nodes until it times out.
 */
export const RABBITMQ_PORTS = {
  clients: { key: "amqps-from-clients", port: PORTS.amqps },
  selfPorts: [{ port: PORTS.epmd }, { port: PORTS.erlangDistribution }, TOOLS, STREAM_REPLICATION],
} as const;
