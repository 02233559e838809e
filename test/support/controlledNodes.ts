import type { ControlledMember } from "../../tools/blend/conformance/promise";
import type { RabbitmqCluster } from "./rabbitmqCluster";

/** Nodes of 3.10 that start at once may ask each other too early, and end; a server's systemd starts them again. */
const RESTARTS = 2;

/** A cluster's nodes as the load tool's promises control them. */
export function controlledNodes(cluster: RabbitmqCluster): ControlledMember[] {
  return cluster.nodes.map((node) => ({
    name: node.member.hostName,
    pids: () => (node.process?.pid === undefined ? [] : [node.process.pid]),
    crash: () => cluster.end(node, "SIGKILL"),
    stop: () => cluster.end(node, "SIGTERM"),
    start: () => cluster.boot(node, RESTARTS),
  }));
}
