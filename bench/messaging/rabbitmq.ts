import { RabbitmqCluster } from "../../test/support/rabbitmqCluster";
import { parseTarget } from "../../tools/blend/target";
import { type System, urlOf, USER } from "./system";

/** Queues that are compared, and one that is wrongly configured on purpose: it must fail. */
const QUEUES = ["classic", "quorum", "stream"];

/** RabbitMQ of Debian's package: three nodes with the project's own configuration. */
export async function rabbitmq(): Promise<System> {
  const cluster = await RabbitmqCluster.start({ users: [USER], vhost: "blend" });
  const endpoints = cluster.nodes.map(({ endpoint }) => endpoint);
  const { caPem } = cluster.authority;
  return {
    targets: QUEUES.map((queue) =>
      parseTarget(urlOf("rabbit", endpoints, `/blend?queue=${queue}`), `RabbitMQ ${queue}`, caPem),
    ),
    members: cluster.nodes.map((node) => ({
      name: node.member.hostName,
      pids: () => (node.process?.pid === undefined ? [] : [node.process.pid]),
      crash: () => cluster.end(node, "SIGKILL"),
      stop: () => cluster.end(node, "SIGTERM"),
      start: () => cluster.boot(node),
    })),
    close: () => cluster.stop(),
  };
}
