import { Volume } from "@pulumi/openstack/blockstorage/volume";
import { Instance } from "@pulumi/openstack/compute/instance";
import { VolumeAttach } from "@pulumi/openstack/compute/volumeAttach";
import { Port } from "@pulumi/openstack/networking/port";
import * as pulumi from "@pulumi/pulumi";

import { ownerTag } from "../names";

/** A fixed address on one subnet. */
export interface FixedAddress {
  subnetId: pulumi.Input<string>;
  /** The address, planned beforehand. */
  ip: string;
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
  /** Image name. REPLACES the server. */
  image: string;
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
  /** The stack that owns the server; written as tags and metadata. In place. */
  stack: string;
}

/** A server that can be thrown away: its address (port) and its data (volume) are resources that outlive it. */
export class DurableServer extends pulumi.ComponentResource {
  /** The server's first IPv4 address. */
  readonly address: pulumi.Output<string>;
  readonly serverId: pulumi.Output<string>;

  constructor(name: string, args: DurableServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:DurableServer", name, {}, opts);
    const port = createPort(this, name, args);
    const volume = createVolume(this, name, args);
    const server = createServer(this, name, args, port);
    const attachment =
      volume === undefined
        ? undefined
        : new VolumeAttach(
            `${name}-data`,
            { instanceId: server.id, volumeId: volume.id },
            { parent: this, deleteBeforeReplace: true },
          );
    this.address = port.allFixedIps.apply((ips) => ips[0] ?? "");
    this.serverId = pulumi.all([server.id, attachment?.id]).apply(([id]) => id);
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

function createServer(parent: DurableServer, name: string, args: DurableServerArgs, port: Port): Instance {
  return new Instance(
    name,
    {
      name: args.hostName,
      flavorName: args.flavor,
      imageName: args.image,
      availabilityZone: args.zone,
      networks: [{ port: port.id }],
      userData: args.userData,
      keyPair: args.keyPair,
      schedulerHints: args.serverGroupId === undefined ? undefined : [{ group: args.serverGroupId }],
      metadata: { "fabric-stack": args.stack },
    },
    // The port and the volume can only be held by one server at a time.
    { parent, deleteBeforeReplace: true },
  );
}
