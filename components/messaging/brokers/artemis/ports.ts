import { PORTS } from "../../servers/ports";

/** Who may connect to which port of a member. */
export const ARTEMIS_PORTS = {
  clients: { key: "amqps-from-clients", port: PORTS.amqps },
  selfPorts: [PORTS.artemisCluster],
} as const;
