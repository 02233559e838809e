import { createHash } from "node:crypto";

import { Secret } from "@pulumi/docker/secret";
import { Service } from "@pulumi/docker/service";
import * as pulumi from "@pulumi/pulumi";

import { listens } from "../../docker/container";
import { SPARK_USER } from "./podTemplate";
import { type DaemonPlan, PROPERTIES } from "./standalone";

/** Spark's processes in one container or task. */
export interface SparkDaemonArgs {
  /** What it runs. Rolling. */
  plan: DaemonPlan;
  /** Image with a tag or digest. Rolling. */
  image: string;
  /** Properties with the secret; secret. Rolling. */
  properties: pulumi.Input<string>;
  /** Variables with object storage's credentials; secret. Default: none. Rolling. */
  credentials?: pulumi.Input<Record<string, string>>;
  /** Id or name of the network. REPLACES it. */
  network: pulumi.Input<string>;
  /** The stack that owns it; written as a label. */
  stack: string;
}

const MIB = 1024 * 1024;

/** A daemon of Spark as a service of a Docker Swarm: nothing is published, properties come as a Docker secret. */
export class SwarmDaemon extends pulumi.ComponentResource {
  /** Name of the service. */
  readonly serviceName: pulumi.Output<string>;

  constructor(name: string, args: SparkDaemonArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:SwarmDaemon", name, {}, opts);
    const { plan, stack } = args;
    const data = pulumi.secret(args.properties);
    const digest = data.apply((text) => createHash("sha256").update(text).digest("hex").slice(0, 12));
    // A secret never changes: another one is another name, and goes only once no task has it.
    const secret = new Secret(
      name,
      {
        name: pulumi.unsecret(digest).apply((of) => `${plan.name}-${of}`),
        data: data.apply((text) => Buffer.from(text).toString("base64")),
        labels: [{ label: "fabric-stack", value: stack }],
      },
      { parent: this },
    );
    const service = new Service(
      name,
      {
        name: plan.name,
        mode: { replicated: { replicas: plan.replicas } },
        // Names are addresses of tasks: a virtual one cannot be bound, and executors say their own.
        endpointSpec: { mode: "dnsrr" },
        taskSpec: taskOf(args, secret),
        updateConfig: { parallelism: 1, order: "stop-first", failureAction: "pause" },
        labels: [{ label: "fabric-stack", value: stack }],
      },
      { parent: this },
    );
    this.serviceName = service.name;
    this.registerOutputs({ serviceName: this.serviceName });
  }
}

function taskOf({ plan, image, network, credentials }: SparkDaemonArgs, secret: Secret) {
  const limits = {
    memoryBytes: plan.memoryMiB * MIB,
    ...(plan.cores !== undefined && { nanoCpus: plan.cores * 1_000_000_000 }),
  };
  return {
    containerSpec: {
      image,
      // Workers have many tasks, and Docker's own name for each.
      ...(plan.replicas === 1 && { hostname: plan.name }),
      commands: plan.command,
      env: credentials === undefined ? plan.environment : withCredentials(plan.environment, credentials),
      user: String(SPARK_USER),
      capDrops: ["ALL"],
      secrets: [
        {
          ...{ secretId: secret.id, secretName: secret.name, fileName: PROPERTIES },
          ...{ fileUid: String(SPARK_USER), fileGid: String(SPARK_USER), fileMode: 0o400 },
        },
      ],
      healthcheck: listens(plan.port),
    },
    networksAdvanceds: [{ name: network }],
    resources: { limits, reservation: limits },
    restartPolicy: { condition: "any", delay: "5s" },
  };
}

function withCredentials(environment: Record<string, string>, credentials: pulumi.Input<Record<string, string>>) {
  return pulumi.secret(credentials).apply((secrets) => ({ ...environment, ...secrets }));
}
