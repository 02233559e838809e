import type { Release } from "../releases";
import type { Feature, Limit } from "./features";
import type { LabelTable } from "./labels/label";

/** The drivers that ship with an engine of this project. Heat's go by their entry points, the others by their packages. */
export const DRIVERS = [
  "k8s_fedora_coreos_v1",
  "k8s_fedora_atomic_v1",
  "k8s_coreos_v1",
  "k8s_fedora_ironic_v1",
  "magnum-cluster-api",
  "magnum-capi-helm",
  "swarm_fedora_atomic_v1",
  "swarm_fedora_atomic_v2",
  "mesos_ubuntu_v1",
  "dcos_centos_v1",
] as const;

export type KnownDriver = (typeof DRIVERS)[number];

/** A driver of Magnum; engines that are registered by other programs may bring further ones. */
export type Driver = KnownDriver | (string & Record<never, never>);

/** Template attributes that a driver may take no notice of. */
export type Attribute =
  | "dockerVolumeSize"
  | "dockerStorageDriver"
  | "volumeDriver"
  | "registryEnabled"
  | "insecureRegistry"
  | "tlsDisabled"
  | "apiserverPort"
  | "floatingIps";

/** What is known of a driver. */
export interface DriverFacts {
  name: Driver;
  /** What makes the servers: Heat stacks of Magnum's own, or Cluster API in a management cluster. */
  orchestration: "heat" | "cluster-api";
  /** Values of the image's property `os_distro` that lead Magnum to this driver. */
  distros: readonly string[];
  serverTypes: readonly string[];
  since: Release;
  /** The last release with it. Default: it lives. */
  until?: Release;
  /** It is not part of Magnum: only a site that lists it in `clusters.site.drivers` has it. */
  addOn: boolean;
  /** Of the network drivers that Magnum's API takes, those that this driver can do; the first is what it takes by itself. */
  networkDrivers: readonly string[];
  volumeDrivers: readonly string[];
  /** What it cannot do although Magnum's API may have it. */
  limits: Readonly<Partial<Record<Feature, Limit>>>;
  /** Attributes that it does not look at, and what to use for them. Giving one is refused. */
  ignores: Readonly<Partial<Record<Attribute, string>>>;
  /** Labels of which its in-place upgrade needs one in the new template. Default: it needs none. */
  upgradeLabels?: readonly string[];
  /** Its labels at a release. */
  labels(release: Release): LabelTable;
  /** Where this was read. */
  source: string;
}
