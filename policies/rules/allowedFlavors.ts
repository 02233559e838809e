import type { z } from "zod";

import { allowListConfig, type Fields, notAllowed } from "../allowList";
import type { ResourceRule } from "../rule";

const config = allowListConfig("Flavors, by name or by id as the resource gives them,");

/** By type, the properties that name a flavor: of servers and of clusters' nodes. */
const FIELDS: Fields = {
  "openstack:compute/instance:Instance": ["flavorName", "flavorId"],
  "openstack:containerinfra/clusterTemplate:ClusterTemplate": ["flavor", "masterFlavor"],
  "openstack:containerinfra/cluster:Cluster": ["flavor", "masterFlavor"],
  "openstack:containerinfra/nodeGroup:NodeGroup": ["flavorId"],
};

/** Refuses flavors that the operator does not have on the list. */
export const allowedFlavors: ResourceRule<z.output<typeof config>> = {
  name: "allowed-flavors",
  description: "Servers and clusters' nodes are of flavors on a list. Off until the list is given.",
  source: "the operator's own list",
  level: "mandatory",
  config,
  check: (resource, { allowed }) => notAllowed(resource, FIELDS, allowed),
};
