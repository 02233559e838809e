import { Container } from "@pulumi/docker/container";
import { Volume } from "@pulumi/docker/volume";
import * as pulumi from "@pulumi/pulumi";

import type { HostPlan } from "../compute/cloudInit";
import { resourceName } from "../names";
import { type ContainerPlan, type ImageUser, listens, planContainer } from "./container";

/** A port of the container that the Docker host publishes. */
export interface PublishedPort {
  /** Port in the container. */
  internal: number;
  /** Port on the Docker host. */
  external: number;
  /** Address of the Docker host, such as 127.0.0.1. */
  ip: string;
}

export interface ContainerServerArgs {
  /** Name in Docker, and host name. REPLACES the container and its volumes. */
  hostName: string;
  /** Name of the Docker network. REPLACES the container; its volumes stay. */
  networkName: pulumi.Input<string>;
  /** Planned address on the network. Default: Docker's choice. REPLACES the container. */
  address?: string;
  /** Id of the image. REPLACES the container. */
  imageId: pulumi.Input<string>;
  /** Whom the image begins as. */
  imageUser: ImageUser;
  /** What the server is; its text may hold secrets. REPLACES the container; its volumes stay. */
  host: pulumi.Input<HostPlan>;
  /** Keys of the volumes, and where they lie in the container; they decide how many resources there are. */
  volumes: ContainerPlan["volumes"];
  /** The port that it listens on when it is ready, and where it is published. REPLACES the container. */
  port: PublishedPort;
  /** How long it may take until it listens, in seconds. Default 300. In place. */
  readyTimeout?: number;
  /** The container that must stand, and listen, before this one is made or replaced. Default: none. */
  after?: ContainerServer;
  /** The stack that owns the container; written as a label. REPLACES the container. */
  stack: string;
}

/** No command of our own: the image's is taken, where an empty one would be a change at every update. */
const unset = undefined as unknown as string[];

/** How long a container may take to end by itself, in seconds: a broker closes its logs. */
const STOP_SECONDS = 60;

/** A server as a container that can be thrown away: its address is planned, and its volumes are resources that outlive it. */
export class ContainerServer extends pulumi.ComponentResource {
  /** Where the Docker host publishes it, as `address:port`. */
  readonly published: pulumi.Output<string>;

  constructor(name: string, args: ContainerServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:ContainerServer", name, {}, opts);
    const volumes = args.volumes.map(({ key, path }) => ({ path, volume: createVolume(this, name, key, args) }));
    const container = createContainer(this, name, args, volumes);
    // Known once the container listens.
    this.published = container.id.apply(() => `${args.port.ip}:${args.port.external}`);
    this.registerOutputs({ published: this.published });
  }
}

function createVolume(parent: ContainerServer, name: string, key: string, args: ContainerServerArgs): Volume {
  return new Volume(
    resourceName(name, "data", key),
    { name: resourceName(args.hostName, "data", key), labels: [{ label: "fabric-stack", value: args.stack }] },
    { parent },
  );
}

function createContainer(
  parent: ContainerServer,
  name: string,
  args: ContainerServerArgs,
  volumes: readonly { path: string; volume: Volume }[],
): Container {
  const plan = pulumi.output(args.host).apply((host) => planContainer(host, args.imageUser));
  return new Container(
    name,
    {
      name: args.hostName,
      hostname: args.hostName,
      image: args.imageId,
      command: plan.apply(({ command }) => command ?? unset),
      envs: plan.environment,
      hosts: plan.hosts,
      uploads: pulumi.secret(plan.files.apply((files) => files.map(uploadOf))),
      volumes: volumes.map(({ path, volume }) => ({ volumeName: volume.name, containerPath: path })),
      networksAdvanced: [{ name: args.networkName, ipv4Address: args.address }],
      ports: [args.port],
      restart: "unless-stopped",
      stopTimeout: STOP_SECONDS,
      destroyGraceSeconds: STOP_SECONDS,
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3" },
      healthcheck: listens(args.port.internal),
      wait: true,
      waitTimeout: args.readyTimeout ?? 300,
      labels: [{ label: "fabric-stack", value: args.stack }],
    },
    // Name, address, port and volumes can only be held by one container at a time.
    { parent, deleteBeforeReplace: true, dependsOn: args.after },
  );
}

function uploadOf(file: ContainerPlan["files"][number]) {
  // Root's by default; see `ImageUser` for why he is not named.
  const owner = file.owner === 0 ? undefined : String(file.owner);
  return { file: file.path, content: file.content, permissions: file.mode, owner, group: owner };
}
