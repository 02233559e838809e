import type { BrokerSoftware } from "../software";
import { artemisUserData } from "./host";
import { ARTEMIS_PORTS } from "./ports";

/** Apache ActiveMQ Artemis: AMQP 1.0; RPC and notifications of services that have oslo.messaging's driver for it. */
export const ARTEMIS: BrokerSoftware = {
  image: "docker.io/apache/activemq-artemis:2.44.0",
  description: "Artemis members: AMQPS from clients, cluster traffic among themselves",
  ...ARTEMIS_PORTS,
  // Proton, which oslo.messaging's driver is built on, knows no addresses in certificates.
  endpoints: "name",
  userData: artemisUserData,
};
