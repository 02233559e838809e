import { Provider, type ProviderArgs } from "@pulumi/openstack/provider";
import * as pulumi from "@pulumi/pulumi";

import {
  ClientCertificate,
  Cluster,
  type ClusterArgs,
  ClusterTemplate,
  MessagingBackend,
  Network,
} from "../../../../components/exports/index";

/** Ids of a cloud, by name: given, so that the program can be previewed where no cloud is. */
interface Ids {
  external: string;
  image: string;
}

/** Whether the component `Place` is called as it was when the state was recorded, and whether it says so. */
type Renamed = "no" | "with-alias" | "without-alias";

/** A component of the program's own, whose rename is tried: its type and its name change, and its children's names. */
class Place extends pulumi.ComponentResource {
  readonly cluster: Cluster;

  constructor(renamed: Renamed, args: ClusterArgs, opts: pulumi.ComponentResourceOptions) {
    const [type, name] = renamed === "no" ? ["upgrade:index:Site", "site"] : ["upgrade:index:Place", "place"];
    const aliases = renamed === "with-alias" ? [{ type: "upgrade:index:Site", name: "site" }] : [];
    super(type, name, {}, pulumi.mergeOptions(opts, { aliases }));
    this.cluster = new Cluster(`${name}-cluster`, args, { parent: this });
    this.registerOutputs({});
  }
}

const config = new pulumi.Config("openstack-fabric");
const { external, image } = config.requireObject<Ids>("ids");
const provider = new Provider("cloud", config.requireObject<ProviderArgs>("provider"));
const options = { providers: [provider] };
const [prefix, stack, flavor] = ["up", "openstack-fabric/upgrade", "m1.small"];
const server = { flavor, imageId: image };

const network = new Network(
  "network",
  { prefix, zones: ["az-1"], cidr: "10.95.0.0/16", externalNetworkId: external, stack },
  options,
);
new MessagingBackend(
  "messaging",
  {
    ...{ prefix, stack, network: network.attachment, mode: "hybrid", release: "2024.2", services: ["nova"] },
    broker: { ...server, kind: "rabbitmq", nodes: 1, volumeSize: 1 },
    mesh: { ...server, interior: 1 },
  },
  options,
);
const template = new ClusterTemplate(
  "template",
  {
    ...{ prefix, key: "small", release: "2026.1", flavor, image: "fedora-coreos" },
    ...{ networkDriver: "flannel", externalNetworkId: external },
  },
  options,
);
const { cluster } = new Place(
  config.get<Renamed>("renamed") ?? "no",
  {
    ...{ prefix, key: "trial", templateId: template.templateId, nodes: 1, masters: 1, masterLoadBalancer: false },
    nodeGroups: { batch: { nodes: 1, role: "batch" } },
  },
  options,
);
new ClientCertificate("administrator", {
  clusterId: cluster.clusterId,
  user: "administrator",
  group: "system:masters",
});

export const ids = { external, image };
