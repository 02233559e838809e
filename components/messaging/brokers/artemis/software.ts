import { PORTS } from "../../servers/ports";
import type { BrokerSoftware } from "../software";
import { artemisUserData } from "./host";

/** Apache ActiveMQ Artemis: AMQP 1.0; RPC and notifications of services that have oslo.messaging's driver for it. */
export const ARTEMIS: BrokerSoftware = {
  image: "docker.io/apache/activemq-artemis:2.44.0",
  description: "Artemis members: AMQPS from clients, cluster traffic among themselves",
  clients: { key: "amqps-from-clients", port: PORTS.amqps },
  // Proton, which oslo.messaging's driver is built on, knows no addresses in certificates.
  endpoints: "name",
  selfPorts: [PORTS.artemisCluster],
  userData: artemisUserData,
};
