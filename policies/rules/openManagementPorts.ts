import { z } from "zod";

import { PORTS } from "../../components/messaging/servers/ports";
import { type Opening, openingsOf } from "../openings";
import type { ResourceRule } from "../rule";
import { isWorld } from "../world";

/**
 * Ports by which a service is run or looked into, or by which its members talk among themselves: nobody outside needs
 * them. Sources: the services' own documentation of their ports; `components/messaging/servers/ports.ts` for ours.
 */
const MANAGEMENT_PORTS: Readonly<Record<number, string>> = {
  22: "SSH",
  2375: "Docker's API",
  2376: "Docker's API",
  2379: "etcd",
  2380: "etcd's members",
  3389: "RDP",
  [PORTS.epmd]: "Erlang's port mapper",
  5900: "VNC",
  8161: "Artemis' console",
  8500: "Consul's API",
  [PORTS.routerHealth]: "a router's health and metrics",
  9090: "Prometheus",
  [PORTS.kafkaReplication]: "Kafka's brokers among themselves",
  [PORTS.kafkaController]: "Kafka's controllers",
  10250: "the kubelet",
  15671: "RabbitMQ's management",
  15672: "RabbitMQ's management",
  [PORTS.rabbitPrometheus]: "RabbitMQ's metrics",
  15692: "RabbitMQ's metrics",
  [PORTS.erlangDistribution]: "RabbitMQ's members",
  35672: "RabbitMQ's command-line tools",
  [PORTS.interRouter]: "links between routers",
  [PORTS.artemisCluster]: "Artemis' members",
};

/** Source: Kubernetes, Ports and Protocols. */
const KUBERNETES_API: Readonly<Record<number, string>> = { 6443: "the Kubernetes API" };

const config = z.strictObject({
  ports: z.array(z.int().min(1).max(65_535)).default([]).describe("Further ports that count as management ports."),
  kubernetesApi: z
    .boolean()
    .default(false)
    .describe("Whether 6443 counts; many clouds serve the Kubernetes API to everybody."),
  broadestV4: z
    .int()
    .min(0)
    .max(32)
    .default(16)
    .describe("Shortest prefix of public IPv4 addresses that is not yet the world."),
  broadestV6: z
    .int()
    .min(0)
    .max(128)
    .default(29)
    .describe("Shortest prefix of public IPv6 addresses that is not yet the world. 29 is a provider's block."),
});

type Config = z.output<typeof config>;

/** Refuses that anybody can reach what services are managed by; see `description` and `config`. */
export const openManagementPorts: ResourceRule<Config> = {
  name: "no-open-management-ports",
  description:
    "Ports for management, and those of members among themselves, are not open to the world: security groups, load balancers' listeners, Kubernetes Services, published ports of containers.",
  source: "CIS Controls v8, 4.4 and 12.8; OpenStack Security Guide, Networking",
  level: "mandatory",
  config,
  check: (resource, settings) =>
    openingsOf(resource)
      .filter((opening) => isWorld(opening.from, settings))
      .flatMap((opening) => {
        const ports = portsWithin(opening, settings);
        return ports.length === 0 ? [] : [finding(opening, ports)];
      }),
};

function portsWithin({ first, last }: Opening, { ports, kubernetesApi }: Config): string[] {
  const named: Record<number, string> = { ...MANAGEMENT_PORTS, ...(kubernetesApi ? KUBERNETES_API : {}) };
  for (const port of ports) named[port] ??= "given by `ports`";
  return Object.entries(named)
    .filter(([port]) => Number(port) >= first && Number(port) <= last)
    .map(([port, what]) => `${port} (${what})`);
}

/** At most this many ports are named: a rule for all ports would name them all. */
const SHOWN = 3;

function finding({ field, from, first, last }: Opening, ports: readonly string[]) {
  const more = ports.length > SHOWN ? ` and ${ports.length - SHOWN} more` : "";
  const range = first === last ? `port ${first}` : `ports ${first}-${last}`;
  return {
    found: `\`${field}\` lets ${from === "" ? "everybody" : from} in to ${range}, with ${ports.slice(0, SHOWN).join(", ")}${more}`,
    allowed: "a security group, or a range of your own",
    fix: "give the range of your operators (`network.adminCidrs` in this project's stacks), or open fewer ports",
  };
}
