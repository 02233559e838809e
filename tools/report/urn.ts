import type { Layer } from "./change";

/** Parts of a URN: `urn:pulumi:<stack>::<project>::<parents' types$type>::<name>`. */
export interface UrnParts {
  /** Types from the outermost parent to the resource's own. */
  types: string[];
  type: string;
  name: string;
}

export function partsOf(urn: string): UrnParts {
  const [, , qualified = "", ...name] = urn.split("::");
  const types = qualified.split("$");
  return { types, type: types.at(-1) ?? "", name: name.join("::") };
}

/** Layers by the component that stands outermost. */
const OF_COMPONENT: Readonly<Record<string, Layer>> = {
  ...{ Network: "network", SecurityGroup: "network" },
  ...{
    MessagingBackend: "messaging",
    LocalMessaging: "messaging",
    BrokerCluster: "messaging",
    RouterMesh: "messaging",
  },
  ...{ ContainerNetwork: "messaging", CertificateAuthority: "messaging" },
  ...{ ClusterTemplate: "clusters", Cluster: "clusters", NodeGroup: "clusters", KubernetesClient: "clusters" },
  ...{ SwarmClient: "clusters", ClientCertificate: "clusters" },
  ...{ SparkPlatform: "analysis", StandaloneSpark: "analysis", Hub: "analysis", Cvmfs: "analysis", Eos: "analysis" },
  ...{ EosToken: "analysis", Canary: "analysis", DataVolumes: "analysis", Analysis: "analysis" },
  ...{ SparkApplication: "analysis", ScheduledSparkApplication: "analysis", SparkJobNamespace: "analysis" },
};

/** Layers of resources that no component of ours made, by their package or module. */
const OF_TYPE: readonly (readonly [prefix: string, layer: Layer])[] = [
  ["openstack:containerinfra/", "clusters"],
  ["openstack:networking/", "network"],
  ["kubernetes:", "analysis"],
];

export function layerOf({ types, type }: UrnParts): Layer {
  const component = /^openstack-fabric:[^:]*:(\w+)$/.exec(types[0] ?? "")?.[1];
  const known = component === undefined ? undefined : OF_COMPONENT[component];
  return known ?? OF_TYPE.find(([prefix]) => type.startsWith(prefix))?.[1] ?? "other";
}

/** What a person calls the type: its last word. */
export function kindOf(type: string): string {
  return type.split(/[:/]/).at(-1) ?? type;
}
