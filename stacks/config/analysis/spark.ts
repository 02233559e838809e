import { z } from "zod";

import { API_SERVER_PORTS } from "../../../components/analysis/kubernetes/networkPolicies";
import type { SparkPlatformArgs } from "../../../components/analysis/spark/SparkPlatform";
import type { StandaloneSparkArgs } from "../../../components/analysis/spark/StandaloneSpark";
import { cidr, count, name, taggedImage } from "../fields";

const quantities = z.record(
  z.string().min(1),
  z.string().regex(/^\d+(\.\d+)?([munkKMGTPE]i?)?$/, "a quantity such as 200 or 8Gi"),
);

const destination = z.strictObject({
  name: name.describe("What it is, such as `object-storage`, `eos`, `cvmfs`; names its network policy."),
  cidrs: z.array(cidr).min(1).describe("Its networks, such as `192.0.2.0/24`. In place."),
  ports: z.array(count(1, 65_535)).min(1).describe("Its TCP ports. In place."),
});

const destinations = z.array(destination).default([]);

export const apiServerSchema = z
  .strictObject({
    cidrs: z
      .array(cidr)
      .min(1)
      .describe("Networks or addresses of the masters, and that of the service `kubernetes`. In place."),
    ports: z.array(count(1, 65_535)).min(1).default(API_SERVER_PORTS).describe("Its ports. In place."),
  })
  .describe("The cluster's API as pods reach it: network policies see addresses behind the service's.");

const operatorSchema = z
  .strictObject({
    install: z
      .boolean()
      .default(true)
      .describe("Whether it is installed; `false` takes one that is there and watches the namespaces. REPLACES it."),
    replicas: z
      .strictObject({
        controller: count(1, 10).default(1).describe("Replicas of the controller, of which one leads. Rolling."),
        webhook: count(1, 10).default(2).describe("Replicas of the webhook; no pod of a run begins without. Rolling."),
      })
      .prefault({})
      .describe("How many of each part run."),
    workers: count(1, 100)
      .default(10)
      .describe("Submissions at once; each takes 256 MiB of the controller's memory. Rolling."),
    certManager: z
      .strictObject({
        kind: z.enum(["Issuer", "ClusterIssuer"]).default("ClusterIssuer").describe("Kind of the issuer. Rolling."),
        issuer: z
          .string()
          .min(1)
          .describe("Its name; one with an authority of its own, not a self-signed one. Rolling."),
        hours: count(2160, 876_000)
          .default(87_600)
          .describe("How long the certificate is valid, in hours: the webhook reads it at its start alone. Rolling."),
      })
      .optional()
      .describe("The cert-manager that certifies the webhook. Default: the operator itself, for ten years."),
    registry: z
      .string()
      .min(1)
      .optional()
      .describe("Registry that stands in for `ghcr.io` in its images' names. Default: none. Rolling."),
    image: taggedImage.optional().describe("Its image in full, with a tag. Default: the chart's own. Rolling."),
    upgradeCrds: z
      .boolean()
      .default(false)
      .describe(
        "Whether a job brings CRDs to the chart's version, which Helm never does; its namespace's pod security is then `baseline`. In place.",
      ),
  })
  .describe("Kubeflow's Spark operator.");

const jobNamespaceSchema = z
  .strictObject({
    quota: quantities
      .optional()
      .describe("Kubernetes' quota, such as `limits.cpu: 200`, `pods: 1000`. Default: none. In place."),
    containerDefaults: quantities
      .optional()
      .describe("What a container gets that asks for nothing. Default, with a quota: 500m and 512Mi. In place."),
    egress: destinations.describe("Where its pods may open connections to, beside `egress` of all. In place."),
  })
  .describe("A namespace that runs applications.");

export const storeSchema = z
  .strictObject({
    endpoint: z.url({ protocol: /^https$/, error: "an https URL" }).describe("Its address. New runs have it."),
    region: z.string().min(1).optional().describe("Region that is signed for. Default: `us-east-1`, as Swift's."),
    pathStyle: z.boolean().default(true).describe("Whether the bucket is in the path, as Ceph and Swift need it."),
  })
  .describe("Object storage that speaks S3: Ceph's gateway, or Swift through its S3 API.");

const credentialsSchema = z
  .strictObject({
    accessKey: z.string().min(1).describe("Key; set it with `pulumi config set --secret --path`. In place."),
    secretKey: z.string().min(1).describe("Its secret; set it with `--secret`. In place."),
  })
  .describe("Credentials of the object storage (`openstack ec2 credentials create`).");

const eventLogsSchema = z
  .strictObject({
    bucket: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "a bucket's name")
      .describe("An existing bucket. New runs have it."),
    prefix: z
      .string()
      .regex(/^[\w-]+(\/[\w-]+)*$/, "a folder such as spark-events")
      .optional()
      .describe("Folder in it. Default: `spark-events`. New runs have it."),
  })
  .describe("Where runs leave what the history server shows.");

const historySchema = z
  .strictObject({
    image: taggedImage.describe("Image of Spark with an S3 connector. Restarts it."),
    sparkVersion: z.string().min(1).optional().describe("Spark's version in it. Default: what its tag begins with."),
    keepDays: count(1, 3650).default(90).describe("Days after which event logs go. Restarts it."),
    memoryMiB: count(512, 65_536).default(1024).describe("Its heap, in MiB. Restarts it."),
    readers: z.array(name).default([]).describe("Namespaces that may see it, beside its own. In place."),
  })
  .describe("What shows runs that have ended, to the inside of the cluster only.");

/** Spark on Kubernetes. */
export const sparkSchema = z
  .strictObject({
    systemNamespace: name
      .default("spark-system")
      .describe("Namespace of the operator and the history server. REPLACES them."),
    operator: operatorSchema.prefault({}),
    namespaces: z
      .record(name, jobNamespaceSchema)
      .refine((namespaces) => Object.keys(namespaces).length > 0, "at least one namespace to run applications in")
      .describe("Namespaces that run applications, by name."),
    egress: destinations.describe(
      "Where pods of all job namespaces, and the history server, may connect to. In place.",
    ),
    store: storeSchema.optional(),
    credentials: credentialsSchema.optional(),
    eventLogs: eventLogsSchema.optional(),
    history: historySchema.optional(),
    monitoring: z
      .strictObject({
        namespaces: z.array(name).default([]).describe("Namespaces that may read metrics and drivers' UIs. In place."),
        podMonitors: z
          .boolean()
          .default(false)
          .describe("Whether Prometheus' operator is told what to read; it must be in the cluster. In place."),
      })
      .optional()
      .describe("Who watches. Default: nobody."),
  })
  .describe("Spark on Kubernetes: its operator, namespaces for applications, event logs and their server.");

/** Spark where there is no Kubernetes. */
export const standaloneSparkSchema = z
  .strictObject({
    on: z.enum(["swarm", "host"]).describe("A Docker Swarm, or one Docker host. REPLACES everything."),
    image: taggedImage.optional().describe("Image of Spark. Default: Apache's. Rolling."),
    sparkVersion: z.string().min(1).optional().describe("Spark's version in it. Default: what its tag begins with."),
    registry: z.string().min(1).optional().describe("Registry that stands in for the image's. Default: none. Rolling."),
    workers: z
      .strictObject({
        replicas: count(1, 1000).default(2).describe("Workers. In place."),
        cores: count(1, 1024).default(1).describe("Cores that each offers. Rolling."),
        memory: z
          .string()
          .regex(/^\d+[kmgt]b?$/i, "a number with a unit, such as 4g")
          .default("1g")
          .describe("Memory that each offers to executors. Rolling."),
      })
      .prefault({})
      .describe("Its workers."),
    store: storeSchema.optional(),
    credentials: credentialsSchema.optional(),
    eventLogs: eventLogsSchema.optional(),
    history: z.boolean().optional().describe("Whether a history server runs. Default: on one host. In place."),
    publish: z
      .strictObject({
        ip: z
          .string()
          .regex(/^127(\.\d{1,3}){3}$/, "a loopback address such as 127.0.0.1")
          .default("127.0.0.1")
          .describe("Address of the host: loopback only, since UIs have no login. REPLACES the containers."),
        master: count(1024, 65_535).optional().describe("Port of the master's UI. REPLACES the container."),
        history: count(1024, 65_535).optional().describe("Port of the history server. REPLACES the container."),
      })
      .optional()
      .describe("What one host publishes. Default: nothing."),
  })
  .describe("Spark's own cluster of a master and workers, where there is no Kubernetes.");

export type SparkConfig = z.output<typeof sparkSchema>;
export type StandaloneSparkConfig = z.output<typeof standaloneSparkSchema>;

/** What the configuration says is what the components take; what the stack decides is added by its layer. */
export function sparkPlatformArgs(config: SparkConfig, apiServer: SparkPlatformArgs["apiServer"]): SparkPlatformArgs {
  return { ...config, apiServer };
}

export function standaloneSparkArgs(config: StandaloneSparkConfig, stack: string): StandaloneSparkArgs {
  return { ...config, stack };
}
