import { Network } from "@pulumi/docker/network";
import { Volume } from "@pulumi/docker/volume";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";

import { mirroredImage } from "../../docker/container";
import { HostDaemon } from "./HostDaemon";
import { CREDENTIAL_KEYS, type EventLogs } from "./objectStore";
import { platformStore, type StoreArgs } from "./platform";
import type { StoreCredentials } from "./SparkJobNamespace";
import {
  type DaemonPlan,
  planStandalone,
  type StandaloneOn,
  UI_PORTS,
  type WorkersArgs,
  withSecret,
} from "./standalone";
import { type SparkDaemonArgs, SwarmDaemon } from "./SwarmDaemon";

/** Ports of the Docker host on which UIs are published. */
export interface PublishedUis {
  /** A loopback address, since UIs have no login. Default 127.0.0.1. REPLACES the containers. */
  ip?: string;
  /** Port of the master's UI. REPLACES the container. */
  master?: number;
  /** Port of the history server. REPLACES the container. */
  history?: number;
}

export interface StandaloneSparkArgs {
  /** `swarm` or `host`; the provider in the options must be that Swarm's or host's. REPLACES everything. */
  on: StandaloneOn;
  /** Begins the names in Docker, up to 32 characters. Default: the component's name. REPLACES everything. */
  prefix?: string;
  /** Image of Spark with a tag or digest. Default: Apache's, see `DEFAULT_IMAGE`. Rolling. */
  image?: string;
  /** Spark's version in it. Default: what its tag begins with. */
  sparkVersion?: string;
  /** Registry that stands in for the image's. Default: none. Rolling. */
  registry?: string;
  /** Default: two of one core and 1g. */
  workers?: WorkersArgs;
  /** Object storage. Default: none. Rolling. */
  store?: StoreArgs;
  /** Its credentials. Needed with `store`. Rolling. */
  credentials?: StoreCredentials;
  /** Where runs' event logs go. Default: on one host a volume of it, on a Swarm nowhere. Rolling. */
  eventLogs?: EventLogs;
  /** Whether a history server runs. Default: on one host. */
  history?: boolean;
  /** What one host publishes; a Swarm cannot publish on loopback alone, and publishes nothing. Default: nothing. */
  publish?: PublishedUis;
  /** The stack that owns it all; written as labels. */
  stack: string;
}

/** Spark where there is no Kubernetes: its own cluster of a master and workers, in containers, every link encrypted. */
export class StandaloneSpark extends pulumi.ComponentResource {
  /** Address of the master on the network. */
  readonly masterUrl: pulumi.Output<string>;
  /** Name of the network, for applications to join. */
  readonly networkName: pulumi.Output<string>;
  /** `spark-defaults.conf` of applications, with the secret that all share; secret. */
  readonly clientProperties: pulumi.Output<string>;

  constructor(name: string, args: StandaloneSparkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:StandaloneSpark", name, {}, opts);
    const plan = planStandalone(planArgs(name, args));
    const { result: secret } = new RandomPassword(`${name}-secret`, { length: 48, special: false }, { parent: this });
    const network = createNetwork(this, name, args);
    const context: Context = {
      parent: this,
      secret,
      network: network.name,
      image: mirroredImage(plan.image, args.registry),
      credentials: args.credentials && credentialsOf(args.credentials),
    };
    const logs = args.on === "host" ? createLogs(this, name, args).name : undefined;
    const made: pulumi.Resource[] = [];
    for (const daemon of plan.daemons) made.push(createDaemon(name, args, daemon, context, logs, made.slice(0, 1)));
    this.masterUrl = pulumi.output(plan.masterUrl);
    this.networkName = network.name;
    this.clientProperties = pulumi.secret(secret.apply((text) => withSecret(plan.client, text)));
    this.registerOutputs({
      ...{ masterUrl: this.masterUrl, networkName: this.networkName, clientProperties: this.clientProperties },
    });
  }
}

interface Context {
  parent: StandaloneSpark;
  secret: pulumi.Output<string>;
  network: pulumi.Output<string>;
  image: string;
  credentials?: pulumi.Output<Record<string, string>>;
}

function planArgs(name: string, args: StandaloneSparkArgs) {
  return {
    ...args,
    prefix: args.prefix ?? name,
    store: args.store && platformStore(args.store),
    hasCredentials: args.credentials !== undefined,
    published: args.publish,
    history: args.history ?? args.on === "host",
  };
}

function credentialsOf({ accessKey, secretKey }: StoreCredentials): pulumi.Output<Record<string, string>> {
  const variables: Record<string, pulumi.Input<string>> = {
    [CREDENTIAL_KEYS["access-key"]]: accessKey,
    [CREDENTIAL_KEYS["secret-key"]]: secretKey,
  };
  return pulumi.secret(variables);
}

function createNetwork(parent: StandaloneSpark, name: string, { on, prefix, stack }: StandaloneSparkArgs): Network {
  return new Network(
    name,
    {
      name: prefix ?? name,
      labels: [{ label: "fabric-stack", value: stack }],
      // Attachable, so that applications can run in containers of their own.
      ...(on === "swarm" ? { driver: "overlay", attachable: true, options: { encrypted: "" } } : { driver: "bridge" }),
    },
    { parent },
  );
}

function createLogs(parent: StandaloneSpark, name: string, { prefix, stack }: StandaloneSparkArgs): Volume {
  const labels = [{ label: "fabric-stack", value: stack }];
  return new Volume(`${name}-logs`, { name: `${prefix ?? name}-logs`, labels }, { parent });
}

function createDaemon(
  name: string,
  args: StandaloneSparkArgs,
  plan: DaemonPlan,
  { parent, secret, network, image, credentials }: Context,
  logs: pulumi.Output<string> | undefined,
  after: pulumi.Resource[],
): pulumi.Resource {
  const key = `${name}${plan.name.slice((args.prefix ?? name).length)}`;
  const properties = pulumi.secret(secret.apply((text) => withSecret(plan.conf, text)));
  const daemon: SparkDaemonArgs = { plan, image, properties, network, stack: args.stack };
  // Workers give credentials to whatever runs on them: drivers bring their own.
  if (plan.role === "history") daemon.credentials = credentials;
  const opts = { parent, dependsOn: after };
  if (logs === undefined) return new SwarmDaemon(key, daemon, opts);
  return new HostDaemon(key, { ...daemon, logs, published: publishedOf(args, plan) }, opts);
}

function publishedOf({ publish }: StandaloneSparkArgs, { role }: DaemonPlan) {
  const external = role === "worker" ? undefined : publish?.[role];
  if (external === undefined) return undefined;
  return { internal: UI_PORTS[role], external, ip: publish?.ip ?? "127.0.0.1" };
}
