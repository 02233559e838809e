import type { Layer } from "./model";

/** The types of a resource's parents and its own, outermost first. */
export function typesOf(urn: string): string[] {
  return (urn.split("::")[2] ?? "").split("$");
}

export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The last part of a type: `Instance` of `openstack:compute/instance:Instance`. */
export function kindOf(type: string): string {
  const last = type.split(":").at(-1) ?? type;
  return type.startsWith("pulumi:providers:") ? `${last} provider` : last;
}

/** The component types that a layer is made of, without their package. */
const COMPONENTS: Record<string, Layer> = {
  ...layer("network", ["Network", "ContainerNetwork"]),
  ...layer("messaging", [
    "MessagingBackend",
    "LocalMessaging",
    "BrokerCluster",
    "RouterMesh",
    "LocalBrokers",
    "LocalMesh",
  ]),
  ...layer("clusters", ["ClusterTemplate", "Cluster", "NodeGroup", "KubernetesClient", "SwarmClient"]),
  ...layer("clusters", ["ClientCertificate", "DeployCredential"]),
  ...layer("analysis", [
    "Analysis",
    "Canary",
    "ChartRelease",
    "Cvmfs",
    "DataVolumes",
    "Eos",
    "EosToken",
    "HistoryServer",
  ]),
  ...layer("analysis", ["HostDaemon", "Hub", "NotebookSpark", "ScheduledSparkApplication", "SparkApplication"]),
  ...layer("analysis", ["SparkJobNamespace", "SparkPlatform", "StandaloneSpark", "SwarmDaemon", "WorkloadNamespace"]),
};

/** What a resource without a component of ours belongs to. */
const PROVIDERS: readonly [RegExp, Layer][] = [
  [/^openstack:(networking|loadbalancer|dns)\//, "network"],
  [/^openstack:containerinfra\//, "clusters"],
  [/^kubernetes:/, "analysis"],
];

/** The layer of a resource: that of its outermost component, else by its own type. */
export function layerOf(urn: string): Layer {
  const types = typesOf(urn);
  for (const type of types) {
    const found = type.startsWith("openstack-fabric:") ? COMPONENTS[kindOf(type)] : undefined;
    if (found !== undefined) return found;
  }
  const own = types.at(-1) ?? "";
  return PROVIDERS.find(([pattern]) => pattern.test(own))?.[1] ?? "other";
}

function layer(name: Layer, types: readonly string[]): Record<string, Layer> {
  return Object.fromEntries(types.map((type) => [type, name]));
}
