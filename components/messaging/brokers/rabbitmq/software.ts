import type { BrokerSoftware } from "../software";
import { brokerUserData } from "./host";
import { RABBITMQ_PORTS } from "./ports";

/** RabbitMQ: quorum queues and streams; RPC and notifications. */
export const RABBITMQ: BrokerSoftware = {
  image: "docker.io/library/rabbitmq:4.1.4",
  description: "RabbitMQ members: AMQPS from clients, cluster traffic among themselves",
  ...RABBITMQ_PORTS,
  endpoints: "address",
  userData: ({ secret, ...input }) => brokerUserData({ ...input, cookie: secret }),
};
