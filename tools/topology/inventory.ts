/**
 * What a picture shows of a stack, whether it was read from a plan or from a preview. `key` is everywhere the name of the
 * Pulumi resource that stands for the thing, so that a step of a preview finds it.
 */
export interface Inventory {
  stack: string;
  /** Facts about the whole stack, such as the release. */
  facts: string[];
  /** Name of the external network. */
  external?: string;
  network?: Thing;
  /** The Neutron router of all zones. */
  gateway?: Thing;
  zones: Zone[];
  /** The services that are clients of the messaging layer. */
  services?: Thing;
  servers: Server[];
  /** What the brokers are, such as `RabbitMQ broker`. */
  software: string;
  /** Lines between routers, and between brokers. */
  links: Link[];
  /** Other sites of the mesh. */
  sites: Thing[];
  templates: Thing[];
  clusters: Cluster[];
  /** What a kubeconfig, another stack's cluster or a Docker host runs. */
  elsewhere: Elsewhere[];
}

/** Something with a name and a few facts. */
export interface Thing {
  key: string;
  title: string;
  lines: string[];
  /** What is said on hovering beside the lines. */
  tooltip?: string[];
}

export interface Zone extends Thing {
  zone: string;
}

/** What runs in a zone, from top to bottom. */
export const ROLES = ["routers", "edges", "brokers"] as const;
export type Role = (typeof ROLES)[number];

/** A server, or a container that stands in for one. */
export interface Server {
  key: string;
  role: Role;
  /** Nova availability zone; unknown where only a part of the server is in a preview, and for containers. */
  zone?: string;
  hostName: string;
  address?: string;
  /** The rack or service of an edge router. */
  group?: string;
  /** Flavor and volume, or where a container is published. */
  facts: string;
}

/** Links of one cost between groups of routers, or a cluster of brokers. */
export interface Link {
  id: string;
  kind: "mesh" | "cluster";
  role: Role;
  zones: string[];
  /** The other site that they lead to. */
  site?: string;
  count: number;
  lines: string[];
}

export interface Cluster {
  key: string;
  name: string;
  /** Key of its template; unknown in a preview. */
  template?: string;
  /** On a network that Magnum makes for it. */
  outside: boolean;
  pools: Pool[];
  workloads: Thing[];
}

/** Nodes of one kind: masters, the default workers, or a node group. */
export interface Pool {
  /** Of a node group; masters and workers are part of their cluster. */
  key?: string;
  kind: "masters" | "nodes" | "nodegroup";
  name: string;
  count?: number;
  lines: string[];
}

export interface Elsewhere {
  id: string;
  title: string;
  lines: string[];
  workloads: Thing[];
}
