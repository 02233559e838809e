/** TCP ports of the messaging layer; each listens with TLS. */
export const PORTS = {
  /** AMQP over TLS, for brokers (0-9-1 and 1.0) and routers (1.0). Source: IANA. */
  amqps: 5671,
  /** RabbitMQ's Prometheus endpoint over TLS. Source: RabbitMQ, Networking. */
  rabbitPrometheus: 15691,
  /** Erlang's port mapper. Source: RabbitMQ, Networking. */
  epmd: 4369,
  /** RabbitMQ's inter-node and CLI traffic. Source: RabbitMQ, Networking. */
  erlangDistribution: 25672,
  /** Kafka's clients: SASL over TLS. Source: Kafka's documentation, whose examples have TLS there. */
  kafka: 9093,
  /** Kafka's brokers among themselves: mutual TLS. The next free one. */
  kafkaReplication: 9094,
  /** The quorum of Kafka's controllers: mutual TLS. The next free one. */
  kafkaController: 9095,
  /** Artemis' members among themselves: mutual TLS. Next to 61616, its default for everything in the clear. */
  artemisCluster: 61617,
  /** Inter-router links. Source: skupper-router's own default. */
  interRouter: 55671,
  /** Edge routers' uplinks. Source: skupper-router's own default. */
  edge: 45671,
  /** A router's `/healthz` and `/metrics`, for whoever has a certificate of the mesh's authority. */
  routerHealth: 8888,
} as const;
