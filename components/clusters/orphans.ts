import {
  ANY_CLUSTER,
  clusterOfFloatingIp,
  clusterOfLoadBalancer,
  clusterOfSecurityGroup,
  CSI_CLUSTER_KEY,
  isPersistentVolume,
} from "./orphanNames";

export interface LoadBalancer {
  id: string;
  name: string;
  description?: string | null;
  provisioning_status: string;
  vip_network_id?: string | null;
  vip_port_id?: string | null;
}

export interface FloatingIp {
  id: string;
  floating_ip_address: string;
  description?: string | null;
  port_id?: string | null;
}

export interface Port {
  id: string;
  name: string;
  network_id: string;
  device_owner: string;
  device_id: string;
  security_groups: string[];
}

export interface SecurityGroup {
  id: string;
  name: string;
  description?: string | null;
}

export interface Volume {
  id: string;
  name: string | null;
  size: number;
  status: string;
  metadata: Record<string, string>;
  attachments: { server_id: string }[];
}

/** What a project has, of the kinds that clusters leave behind. */
export interface ProjectListing {
  loadBalancers: LoadBalancer[];
  floatingIps: FloatingIp[];
  ports: Port[];
  securityGroups: SecurityGroup[];
  volumes: Volume[];
}

/** Whose remains are looked for. */
export interface Owner {
  /** What the stack's clusters may be called by the cloud provider: names, UUIDs, names of their stacks. */
  clusters: ReadonlySet<string>;
  /** Ids of the stack's own networks. */
  networks: ReadonlySet<string>;
}

/** What clusters left behind, by kind in the order of removal, and what is not to be touched. */
export interface Orphans {
  loadBalancers: LoadBalancer[];
  floatingIps: FloatingIp[];
  ports: Port[];
  securityGroups: SecurityGroup[];
  /** Persistent volumes of the stack's clusters: they hold data. */
  volumes: Volume[];
  /** Persistent volumes of which the cluster cannot be told. */
  uncertainVolumes: Volume[];
  /** Foreign things that keep the stack's network from going: what each is, and what to do. */
  inTheWay: string[];
}

/** Octavia's device owner of a VIP's port, whose device is `lb-<id>`. Source: Octavia 18.0.1, `allowed_address_pairs.py`. */
const OCTAVIA = "Octavia";

/** Sorts a project's listing into remains of the owner's clusters and the rest, which is foreign. */
export function findOrphans(project: ProjectListing, owner: Owner): Orphans {
  const isOf = (cluster: string | undefined) => cluster !== undefined && owner.clusters.has(cluster);
  const loadBalancers = project.loadBalancers.filter((balancer) => isOf(clusterOfLoadBalancer(balancer)));
  const floatingIps = project.floatingIps.filter((address) => isOf(clusterOfFloatingIp(address)));
  const volumes = project.volumes.filter(({ metadata }) => isOf(metadata[CSI_CLUSTER_KEY]));
  const orphans = {
    loadBalancers,
    floatingIps,
    ports: orphanPorts(project, owner, loadBalancers),
    securityGroups: project.securityGroups.filter((group) => isOf(clusterOfSecurityGroup(group))),
    volumes,
    uncertainVolumes: project.volumes.filter(
      (volume) =>
        !volumes.includes(volume) &&
        volume.metadata[CSI_CLUSTER_KEY] === ANY_CLUSTER &&
        isPersistentVolume(volume.name ?? ""),
    ),
  };
  return { ...orphans, inTheWay: foreignInNetworks(project, owner, orphans) };
}

/** VIP ports of load balancers that go, and those in the stack's networks whose load balancer is gone already. */
function orphanPorts(project: ProjectListing, owner: Owner, going: readonly LoadBalancer[]): Port[] {
  const living = new Set(project.loadBalancers.map(({ id }) => id));
  const goingIds = new Set(going.map(({ id }) => id));
  return project.ports.filter((port) => {
    const balancer = balancerOf(port);
    if (balancer === undefined) return false;
    return goingIds.has(balancer) || (owner.networks.has(port.network_id) && !living.has(balancer));
  });
}

function balancerOf(port: Port): string | undefined {
  return port.device_owner === OCTAVIA ? /^lb-(.+)$/.exec(port.device_id)?.[1] : undefined;
}

function foreignInNetworks(
  project: ProjectListing,
  owner: Owner,
  orphans: Pick<Orphans, "loadBalancers" | "floatingIps">,
): string[] {
  const ports = project.ports.filter((port) => owner.networks.has(port.network_id) && port.device_owner === OCTAVIA);
  const portIds = new Set(ports.map(({ id }) => id));
  const balancerIds = new Set(ports.flatMap((port) => balancerOf(port) ?? []));
  const balancers = project.loadBalancers.filter(
    ({ id, vip_network_id: network, vip_port_id: port }) =>
      balancerIds.has(id) || owner.networks.has(network ?? "") || portIds.has(port ?? ""),
  );
  return [
    ...balancers.filter((balancer) => !orphans.loadBalancers.includes(balancer)).map(foreignBalancer),
    ...project.floatingIps
      .filter((address) => portIds.has(address.port_id ?? "") && !orphans.floatingIps.includes(address))
      .map(
        ({ id, floating_ip_address: ip }) => `floating IP ${ip} (${id}), attached to a load balancer's port: it stays`,
      ),
  ];
}

function foreignBalancer(balancer: LoadBalancer): string {
  const cluster = clusterOfLoadBalancer(balancer);
  const what = `load balancer ${balancer.name} (${balancer.id})`;
  return cluster === undefined
    ? `${what}: no cluster's; remove it yourself`
    : `${what} of cluster "${cluster}", which is none of this stack's; if it was, give \`--cluster ${cluster}\``;
}
