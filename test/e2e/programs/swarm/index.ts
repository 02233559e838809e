import { Network } from "@pulumi/docker/network";
import { Service } from "@pulumi/docker/service";
import { ServiceConfig } from "@pulumi/docker/serviceConfig";
import * as pulumi from "@pulumi/pulumi";

import { SwarmClient } from "../../../../components/clusters/client/SwarmClient";

const config = new pulumi.Config("openstack-fabric");
const client = new SwarmClient("swarm", {
  clusterId: config.require("clusterId"),
  apiAddress: config.require("apiAddress"),
  user: "operator",
  serial: config.get("serial"),
});

const inSwarm = { provider: client.provider };
const network = new Network("mesh", { name: "mesh", driver: "overlay" }, inSwarm);
const data = Buffer.from(config.require("greeting")).toString("base64");
const greeting = new ServiceConfig("greeting", { name: "greeting", data }, inSwarm);
// No task of it runs: there is no registry to have an image from.
const service = new Service(
  "idle",
  {
    name: "idle",
    mode: { replicated: { replicas: 0 } },
    taskSpec: { containerSpec: { image: "busybox:1.36.1" }, networksAdvanceds: [{ name: network.id }] },
  },
  inSwarm,
);

export const tls = client.tls;
export const made = [network.id, greeting.id, service.id];
