import { controlledNodes } from "../../test/support/controlledNodes";
import { RabbitmqCluster } from "../../test/support/rabbitmqCluster";
import { parseTarget } from "../../tools/blend/target";
import { type KnownBreach, type System, urlOf, USER } from "./system";

/** Megabytes of each node, so that its limit is met: 60 % of them by the project's configuration. */
const MEMORY_MB = 512;

/** A classic queue is on one node; the others cannot serve it. */
const ON_ONE_NODE: KnownBreach = {
  pattern: "notification",
  promise: "reconnect",
  why: "a classic queue is on one node only, and is away while that is",
};

/** Wrongly configured on purpose: the notifications' queue is not durable. */
const NOT_DURABLE: KnownBreach = {
  pattern: "notification",
  promise: "crash",
  why: "it is wrongly configured on purpose, and must be found out",
};

/** RabbitMQ of Debian's package: three nodes with the project's own configuration. */
export async function rabbitmq(): Promise<System> {
  const cluster = await RabbitmqCluster.start({
    users: [USER],
    vhost: "blend",
    memoryMb: MEMORY_MB,
    foundsAtOnce: true,
  });
  const endpoints = cluster.nodes.map(({ endpoint }) => endpoint);
  const target = (name: string, query: string) =>
    parseTarget(urlOf("rabbit", endpoints, `/blend?${query}`), `RabbitMQ ${name}`, cluster.authority.caPem);
  return {
    trials: [
      { target: target("classic", "queue=classic"), breaches: [ON_ONE_NODE] },
      { target: target("quorum", "queue=quorum") },
      { target: target("stream", "queue=stream") },
      {
        target: target("not durable", "queue=classic&durable=false"),
        only: NOT_DURABLE,
        breaches: [NOT_DURABLE],
      },
    ],
    members: controlledNodes(cluster),
    close: () => cluster.stop(),
  };
}
