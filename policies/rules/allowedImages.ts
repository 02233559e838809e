import type { z } from "zod";

import { allowListConfig, type Fields, notAllowed } from "../allowList";
import type { ResourceRule } from "../rule";

const config = allowListConfig("Images, by name or by id as the resource gives them,");

/** By type, the properties that name an image: of servers, of clusters' nodes, of containers. */
const FIELDS: Fields = {
  "openstack:compute/instance:Instance": ["imageName", "imageId"],
  "openstack:containerinfra/clusterTemplate:ClusterTemplate": ["image"],
  "openstack:containerinfra/nodeGroup:NodeGroup": ["imageId"],
  "docker:index/remoteImage:RemoteImage": ["name"],
};

/** Refuses images that the operator does not have on the list. Servers of this project have their image's id. */
export const allowedImages: ResourceRule<z.output<typeof config>> = {
  name: "allowed-images",
  description: "Servers, clusters and containers are of images on a list. Off until the list is given.",
  source: "the operator's own list",
  level: "mandatory",
  config,
  check: (resource, { allowed }) => notAllowed(resource, FIELDS, allowed),
};
