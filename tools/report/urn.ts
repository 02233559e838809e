import { urnParts } from "../../components/urn";
import type { Layer } from "./model";

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
  const { types, type: own } = urnParts(urn);
  for (const type of types) {
    const found = type.startsWith("openstack-fabric:") ? COMPONENTS[kindOf(type)] : undefined;
    if (found !== undefined) return found;
  }
  return PROVIDERS.find(([pattern]) => pattern.test(own))?.[1] ?? "other";
}

function layer(name: Layer, types: readonly string[]): Record<string, Layer> {
  return Object.fromEntries(types.map((type) => [type, name]));
}
