import type { Sections } from "../../e2e/support/sections";

/** A secret that only tests know: no report may show it. */
export const SEEDED_SECRET = "seeded-s3cret-of-nova";

/** One change of the recorded stack, and how it is previewed. */
export interface Scenario {
  /** Name of the recording. */
  name: string;
  sections: Sections;
  /** Values of the configuration that are set by `pulumi config set --secret --path`. */
  secrets?: Record<string, string>;
  /** Further flags of `pulumi preview`, by the project's name and the stack's. Default: none. */
  flags?: (urn: (resource: string) => string) => string[];
  /** `destroy` previews the destruction. Default `preview`. */
  command?: "preview" | "destroy";
  /** A server that is deleted behind the engine's back first. */
  deletes?: string;
  /** Whether the engine prints its events, a line each. Default: one document. */
  streamed?: boolean;
  /** A stack of this name that does not exist yet. Default: the recorded one. */
  stack?: string;
}

const NETWORK = { zones: ["az-1", "az-2", "az-3"], cidr: "10.20.0.0/16", external: "public" };
const servers = { flavor: "m1.small", image: "debian-12" };
const broker = { ...servers, nodes: 3, volumeSize: 1 };
const messaging = { mode: "hybrid", release: "2024.2", services: ["nova"], broker, rpc: { ...servers, interior: 2 } };
const nodes = { image: "fedora-coreos", networkDriver: "flannel" };
const templates = { small: { ...nodes, flavor: "m1.small" }, large: { ...nodes, flavor: "m1.large" } };
const lab = { template: "small", nodes: 1, nodeGroups: { big: { nodes: 1, flavor: "m1.medium" } } };
const clusters = { templates, clusters: { lab } };

/** What is up before anything is previewed. */
export const BASE: Sections = { cloud: { release: "2026.1" }, network: NETWORK, messaging, clusters };

const withBroker = (change: object): Sections => ({
  ...BASE,
  messaging: { ...messaging, broker: { ...broker, ...change } },
});
const withRouters = (interior: number): Sections => ({
  ...BASE,
  messaging: { ...messaging, rpc: { ...messaging.rpc, interior } },
});
const withLab = (change: object): Sections => ({
  ...BASE,
  clusters: { ...clusters, clusters: { lab: { ...lab, ...change } } },
});
const without = (section: string): Sections =>
  Object.fromEntries(Object.entries(BASE).filter(([key]) => key !== section));
const replaceBroker = (urn: (resource: string) => string) => [
  "--replace",
  urn("openstack:compute/instance:Instance::messaging-broker-02"),
];

/** Brokers of elsewhere; the password is set as a secret. */
const external = {
  ...BASE,
  messaging: {
    ...{ mode: "vanilla", release: "2024.2", services: ["nova"] },
    broker: { external: { endpoints: ["rabbit-1.example.org:5671"], users: {} } },
  },
};
const secrets = { "openstack-fabric:messaging.broker.external.users.nova": SEEDED_SECRET };

/** An authority of its own, which no preview looks into; its key is set as a secret. */
const pem = (what: string, text: string) => `-----BEGIN ${what}-----\n${text}\n-----END ${what}-----\n`;
const withAuthority = { ...BASE, messaging: { ...messaging, authority: { certPem: pem("CERTIFICATE", "none") } } };
const keyPem = { "openstack-fabric:messaging.authority.keyPem": pem("EC PRIVATE KEY", SEEDED_SECRET) };

/** The recordings; the one that deletes behind the engine's back is last. */
export const SCENARIOS: readonly Scenario[] = [
  { name: "no-change", sections: BASE },
  { name: "more-routers", sections: withRouters(4) },
  { name: "fewer-routers", sections: withRouters(1) },
  { name: "broker-replaced", sections: BASE, flags: replaceBroker },
  { name: "brokers-image", sections: withBroker({ containerImage: "docker.io/library/rabbitmq:4.1.5" }) },
  { name: "brokers-flavor", sections: withBroker({ flavor: "m1.medium" }) },
  { name: "brokers-volume-grown", sections: withBroker({ volumeSize: 2 }) },
  { name: "service-added", sections: { ...BASE, messaging: { ...messaging, services: ["nova", "neutron"] } } },
  {
    name: "template-label",
    sections: {
      ...BASE,
      clusters: {
        ...clusters,
        templates: { ...templates, small: { ...templates.small, labels: { auto_healing_enabled: true } } },
      },
    },
  },
  { name: "cluster-label", sections: withLab({ labels: { max_node_count: 4 } }) },
  { name: "cluster-label-again", sections: withLab({ labels: { max_node_count: 4 } }) },
  { name: "cluster-generation", sections: withLab({ generation: 2 }) },
  { name: "cluster-resized", sections: withLab({ nodes: 3 }) },
  { name: "cluster-removed", sections: { ...BASE, clusters: { ...clusters, clusters: {} } } },
  { name: "node-group-flavor", sections: withLab({ nodeGroups: { big: { nodes: 1, flavor: "m1.large" } } }) },
  { name: "node-group-removed", sections: withLab({ nodeGroups: {} }) },
  { name: "ssh-allowed", sections: { ...BASE, network: { ...NETWORK, adminCidrs: ["192.0.2.0/24"] } } },
  { name: "network-range", sections: { ...BASE, network: { ...NETWORK, cidr: "10.40.0.0/16" } } },
  { name: "renamed", sections: { ...BASE, cloud: { release: "2026.1", prefix: "renamed" } } },
  { name: "clusters-dropped", sections: without("clusters") },
  { name: "messaging-dropped", sections: without("messaging") },
  { name: "external-brokers", sections: external, secrets },
  { name: "own-authority", sections: withAuthority, secrets: keyPem },
  { name: "secrets-shown", sections: withAuthority, secrets: keyPem, stack: "recnew", flags: () => ["--show-secrets"] },
  { name: "cluster-label-streamed", sections: withLab({ labels: { max_node_count: 4 } }), streamed: true },
  { name: "new-stack", sections: BASE, stack: "recnew" },
  { name: "destroyed", sections: BASE, command: "destroy" },
  { name: "server-gone", sections: BASE, flags: () => ["--refresh"], deletes: "rec-broker-01" },
];
