import type { Sections } from "../../e2e/support/sections";

/** What is deployed before every scenario. */
export const BASE = {
  cloud: { release: "2026.1" },
  network: { zones: ["az-1", "az-2", "az-3"], cidr: "10.20.0.0/16", external: "public" },
  messaging: {
    mode: "hybrid",
    release: "2024.2",
    services: ["nova"],
    broker: { nodes: 3, flavor: "m1.small", image: "debian-12", volumeSize: 1 },
    rpc: { interior: 2, flavor: "m1.small", image: "debian-12" },
  },
  clusters: {
    templates: { small: { image: "fedora-coreos", flavor: "m1.small", networkDriver: "flannel" } },
    clusters: { trial: { template: "small", nodes: 1 } },
  },
} as const;

/** What an operator does to a stack, by the name of its recording. */
export const SCENARIOS: Readonly<Record<string, Sections>> = {
  "nothing-changed": BASE,
  "router-added": withRpc({ interior: 3 }),
  "router-removed": withRpc({ interior: 1 }),
  "routers-at-the-edge": withRpc({ edges: { compute: { count: 4 } } }),
  "broker-image": withBroker({ image: "ubuntu-kubernetes" }),
  "broker-flavor": withBroker({ flavor: "m1.medium" }),
  "broker-volume-grown": withBroker({ volumeSize: 2 }),
  "brokers-grown": withBroker({ nodes: 5 }),
  "service-added": { ...BASE, messaging: { ...BASE.messaging, services: ["nova", "cinder"] } },
  "messaging-removed": { ...BASE, messaging: undefined },
  "cluster-label": withCluster({ labels: { max_node_count: "4" } }),
  "cluster-resized": withCluster({ nodes: 2 }),
  "cluster-node-group": withCluster({ nodeGroups: { spark: { nodes: 1 } } }),
  "cluster-generation": withCluster({ generation: 2 }),
  "cluster-removed": { ...BASE, clusters: { ...BASE.clusters, clusters: {} } },
  "clusters-removed": { ...BASE, clusters: undefined },
  "template-changed": withTemplate({ dockerVolumeSize: 20 }),
  "resolvers-changed": { ...BASE, network: { ...BASE.network, dnsNameservers: ["192.0.2.53"] } },
  "subnets-cut-anew": { ...BASE, network: { ...BASE.network, subnetPrefix: 20 } },
};

function withBroker(change: object): Sections {
  return { ...BASE, messaging: { ...BASE.messaging, broker: { ...BASE.messaging.broker, ...change } } };
}

function withRpc(change: object): Sections {
  return { ...BASE, messaging: { ...BASE.messaging, rpc: { ...BASE.messaging.rpc, ...change } } };
}

function withCluster(change: object): Sections {
  const { trial } = BASE.clusters.clusters;
  return { ...BASE, clusters: { ...BASE.clusters, clusters: { trial: { ...trial, ...change } } } };
}

function withTemplate(change: object): Sections {
  const { small } = BASE.clusters.templates;
  return { ...BASE, clusters: { ...BASE.clusters, templates: { small: { ...small, ...change } } } };
}
