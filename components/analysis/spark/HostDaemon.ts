import { Container } from "@pulumi/docker/container";
import * as pulumi from "@pulumi/pulumi";

import { listens } from "../../docker/container";
import type { PublishedPort } from "../../docker/ContainerServer";
import { LOGS_FOLDER, PROPERTIES } from "./standalone";
import type { SparkDaemonArgs } from "./SwarmDaemon";

export interface HostDaemonArgs extends SparkDaemonArgs {
  /** Name of the volume with event logs. REPLACES the container. */
  logs: pulumi.Input<string>;
  /** Where its UI is published. Default: nowhere. REPLACES the container. */
  published?: PublishedPort;
}

/** A daemon of Spark as a container of one Docker host. */
export class HostDaemon extends pulumi.ComponentResource {
  /** Name of the container, known once it listens. */
  readonly containerName: pulumi.Output<string>;

  constructor(name: string, args: HostDaemonArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:HostDaemon", name, {}, opts);
    const { plan, published } = args;
    const container = new Container(
      name,
      {
        ...{ name: plan.name, hostname: plan.name, image: args.image, command: plan.command },
        envs: environment(args),
        // Root's, and readable: see `ImageUser` of components/docker/container.ts.
        uploads: pulumi.secret([{ file: PROPERTIES, content: args.properties, permissions: "0444" }]),
        volumes: plan.logs ? [{ volumeName: args.logs, containerPath: LOGS_FOLDER }] : [],
        networksAdvanced: [{ name: args.network }],
        ports: published === undefined ? [] : [published],
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges:true"],
        memory: plan.memoryMiB,
        ...{ restart: "unless-stopped", wait: true, waitTimeout: 300, healthcheck: listens(plan.port) },
        ...{ logDriver: "json-file", logOpts: { "max-size": "10m", "max-file": "3" } },
        labels: [{ label: "fabric-stack", value: args.stack }],
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.containerName = container.id.apply(() => plan.name);
    this.registerOutputs({ containerName: this.containerName });
  }
}

/** `KEY=value`, sorted. */
function environment({ plan, credentials }: HostDaemonArgs): pulumi.Output<string[]> {
  const lines = (variables: Record<string, string>) =>
    Object.entries({ ...plan.environment, ...variables })
      .map(([key, value]) => `${key}=${value}`)
      .sort();
  return credentials === undefined ? pulumi.output(lines({})) : pulumi.secret(credentials).apply(lines);
}
