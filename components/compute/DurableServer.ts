import { Volume } from "@pulumi/openstack/blockstorage/volume";
import { Instance } from "@pulumi/openstack/compute/instance";
import { Port } from "@pulumi/openstack/networking/port";
import * as pulumi from "@pulumi/pulumi";

import { ownerTag } from "../names";
import { healthHooks, type Rollout } from "./Rollout";

/** A fixed address on one subnet. */
export interface FixedAddress {
  subnetId: pulumi.Input<string>;
  /** The address, planned beforehand. Default: Neutron's choice, which the port keeps. */
  ip?: string;
}

export interface DurableServerArgs {
  /** Name in Nova, and host name. In place. */
  hostName: string;
  /** Network of the server's port. REPLACES port and server. */
  networkId: pulumi.Input<string>;
  /** Planned addresses, IPv4 first. In place on the port. */
  addresses: FixedAddress[];
  /** Security groups of the port. In place. */
  securityGroupIds: pulumi.Input<string>[];
  /** Nova availability zone. REPLACES the server. */
  zone: string;
  /** Flavor name. In place (resize). */
  flavor: string;
  /** Image id. REPLACES the server. */
  imageId: pulumi.Input<string>;
  /** Cloud-init user data. REPLACES the server; its port and volume stay. */
  userData: pulumi.Input<string>;
  /** Nova key pair for SSH. Default: none. REPLACES the server. */
  keyPair?: string;
  /** Server group (placement policy). REPLACES the server. */
  serverGroupId?: pulumi.Input<string>;
  /** Size of the data volume in GiB; it outlives the server. Growing is in place. Default: no volume. */
  dataVolumeSize?: number;
  /** Cinder volume type of the data volume. Default: the cloud's. REPLACES the volume. */
  volumeType?: string;
  /** Publish the host name in the network's DNS domain. Default false. In place. */
  dns?: boolean;
  /** Nova metadata beside the owner's; the server reads them from the metadata service. In place. */
  metadata?: Record<string, string>;
  /** What a new server is waited for; see `Rollout`. Default: nothing. */
  rollout?: Rollout;
  /** The server that must stand, and have rejoined, before this one is made or replaced. Default: none. */
  after?: DurableServer;
  /** The stack that owns the server; written as tags and metadata. In place. */
  stack: string;
}

/** A server that can be thrown away: its address (port) and its data (volume) are resources that outlive it. */
export class DurableServer extends pulumi.ComponentResource {
  /** The server's first IPv4 address; a port's first address is the one of its first subnet. */
  readonly address: pulumi.Output<string>;
  readonly serverId: pulumi.Output<string>;

  constructor(name: string, args: DurableServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:DurableServer", name, {}, opts);
    const port = createPort(this, name, args);
    const volume = createVolume(this, name, args);
    const server = createServer(this, name, args, port, volume);
    this.address = port.allFixedIps.apply((ips) => ips[0] ?? "");
    this.serverId = server.id;
    this.registerOutputs({ address: this.address, serverId: this.serverId });
  }
}

function createPort(parent: DurableServer, name: string, args: DurableServerArgs): Port {
  return new Port(
    `${name}-port`,
    {
      name: args.hostName,
      networkId: args.networkId,
      fixedIps: args.addresses.map((address) => ({ subnetId: address.subnetId, ipAddress: address.ip })),
      securityGroupIds: args.securityGroupIds,
      dnsName: args.dns === true ? args.hostName : undefined,
      adminStateUp: true,
      tags: [ownerTag(args.stack)],
    },
    { parent },
  );
}

function createVolume(parent: DurableServer, name: string, args: DurableServerArgs): Volume | undefined {
  if (args.dataVolumeSize === undefined) return undefined;
  return new Volume(
    `${name}-volume`,
    {
      name: `${args.hostName}-data`,
      size: args.dataVolumeSize,
      volumeType: args.volumeType,
      enableOnlineResize: true,
      metadata: { "fabric-stack": args.stack },
    },
    { parent },
  );
}

function createServer(
  parent: DurableServer,
  name: string,
  args: DurableServerArgs,
  port: Port,
  volume: Volume | undefined,
): Instance {
  return new Instance(
    name,
    {
      name: args.hostName,
      flavorName: args.flavor,
      imageId: args.imageId,
      blockDevices: volume && [rootDisk(args.imageId), dataDisk(volume)],
      // The data volume is unmounted before it is taken away.
      stopBeforeDestroy: volume !== undefined,
      availabilityZone: args.zone,
      networks: [{ port: port.id }],
      userData: args.userData,
      keyPair: args.keyPair,
      schedulerHints: args.serverGroupId === undefined ? undefined : [{ group: args.serverGroupId }],
      metadata: { ...args.metadata, "fabric-stack": args.stack },
    },
    // The port and the volume can only be held by one server at a time.
    {
      parent,
      deleteBeforeReplace: true,
      dependsOn: args.after,
      hooks: args.rollout && healthHooks(name, args.hostName, args.rollout),
    },
  );
}

function rootDisk(imageId: pulumi.Input<string>) {
  return { sourceType: "image", uuid: imageId, destinationType: "local", bootIndex: 0, deleteOnTermination: true };
}

/** Attached from the first boot on: a volume that is attached to a running server would be taken from it, too. */
function dataDisk(volume: Volume) {
  return {
    sourceType: "volume",
    uuid: volume.id,
    destinationType: "volume",
    bootIndex: -1,
    deleteOnTermination: false,
  };
}
