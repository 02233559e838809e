import { getImageOutput } from "@pulumi/openstack/images/getImage";
import { getNetworkOutput } from "@pulumi/openstack/networking/getNetwork";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import {
  CertificateAuthority,
  ClientCertificate,
  Cluster,
  ClusterTemplate,
  Network,
  RouterMesh,
  SecurityGroup,
} from "openstack-fabric";

const config = new pulumi.Config();
const flavor = config.require("flavor");
const prefix = pulumi.getStack();
const stack = `${pulumi.getProject()}/${prefix}`;
const externalNetworkId = getNetworkOutput({ name: config.require("external"), external: true }).id;

const network = new Network("network", {
  prefix,
  zones: ["az-1", "az-2"],
  cidr: "10.70.0.0/16",
  externalNetworkId,
  stack,
});

// Servers that are given this group may use the mesh.
const clients = new SecurityGroup("clients", {
  groupName: `${prefix}-mesh-clients`,
  description: "Members may connect to the mesh",
  ingress: [],
  stack,
});
const authority = new CertificateAuthority("ca", { commonName: `${prefix}-mesh` });
const password = new RandomPassword("telemetry", { length: 32, special: false });
const mesh = new RouterMesh("mesh", {
  prefix,
  network: network.attachment,
  interior: 2,
  flavor,
  imageId: getImageOutput({ name: config.require("image") }).id,
  users: { telemetry: password.result },
  authority,
  clientGroupId: clients.groupId,
  stack,
});

const template = new ClusterTemplate("template", {
  prefix,
  key: "small",
  release: config.require("release"),
  image: config.require("clusterImage"),
  flavor,
  networkDriver: "flannel",
  externalNetworkId,
});
const cluster = new Cluster("cluster", {
  prefix,
  key: "analysis",
  templateId: template.templateId,
  nodes: 1,
  masters: 1,
  masterLoadBalancer: false,
  networkId: network.networkId,
  subnetId: network.attachment.zones[0]?.subnetId,
});
const administrator = new ClientCertificate("administrator", {
  clusterId: cluster.clusterId,
  user: "administrator",
  group: "system:masters",
});

export const routers = mesh.endpoints;
export const clientGroup = clients.groupId;
export const caPem = authority.caPem;
export const apiAddress = cluster.apiAddress;
export const administratorCertificate = administrator.certificatePem;
