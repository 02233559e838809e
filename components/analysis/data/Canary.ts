import { createHash } from "node:crypto";

import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob";
import { Job } from "@pulumi/kubernetes/batch/v1/job";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import * as pulumi from "@pulumi/pulumi";

import { recommendedLabels } from "../kubernetes/labels";
import { canaryJob, canaryPaths, canaryPod, type CanarySubject, sparkCanarySpec } from "./canaryPlan";
import { codeOf } from "./code";
import { type DataAccess, dataMounts } from "./mounts";

export interface CanarySparkArgs {
  /** Image of Spark with Python, with a tag. Runs it again. */
  image: string;
  /** Spark's version in the image, such as `4.1.1`. */
  sparkVersion: string;
  /** Service account of drivers in the namespace. */
  serviceAccount: string;
  /** Executors that must all read. Default 2. */
  executors?: number;
  /** User of drivers and executors. Default 185, as in Apache's images. */
  user?: number;
  /** Spark's settings beside the canary's own. */
  sparkConf?: Record<string, string>;
}

export interface CanaryArgs {
  /** Namespace whose pods' mounts are checked, which must have the claims. REPLACES the jobs. */
  namespace: pulumi.Input<string>;
  /** What must be readable. Runs it again. */
  subject: CanarySubject;
  /** How it is mounted. */
  access: DataAccess;
  /** Image with Python 3, with a tag, such as `docker.io/library/python:3.13.9-slim`. */
  image: string;
  /** Seconds for each mount; the first access fills caches. Default 120. */
  timeout?: number;
  /** Repeat it at these times, five fields of cron. Default: once, and again when anything of it changes. In place. */
  schedule?: string;
  /** User of its pods. Default 1000. */
  user?: number;
  /** Check Spark's drivers and executors too; its operator must be there. Default: not. */
  spark?: CanarySparkArgs;
}

/** What Pulumi waits for: by itself it takes a custom resource for ready when the API has it. */
const UNTIL_COMPLETED = { "pulumi.com/waitFor": "jsonpath={.status.applicationState.state}=COMPLETED" };

/** Reads from every mount, in a pod, and in a Spark driver and its executors; an update fails that lacks one. */
export class Canary extends pulumi.ComponentResource {
  /** Paths that were read, known once they were. */
  readonly read: pulumi.Output<string[]>;

  constructor(name: string, args: CanaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:Canary", name, {}, opts);
    const paths = canaryPaths(args.subject);
    const parent = { parent: this };
    const labels = recommendedLabels({ name: "data-canary", instance: name });
    const metadata = (object: string) => ({ name: object, namespace: args.namespace, labels });
    const code = codeOf("canary.py");
    const configMap = new ConfigMap(
      `${name}-code`,
      { metadata: metadata(`${name}-code`), data: { "canary.py": code } },
      parent,
    );
    const { image, user = 1000, timeout = 120 } = args;
    const common = { timeout, labels, checksum: createHash("sha256").update(code).digest("hex") };
    const mounts = dataMounts(args.access, user);
    const pod = canaryPod({ image, user, mounts, ...common }, `${name}-code`, paths);
    // Without a name of its own: a Job cannot change, so another one takes its place. Pulumi waits until it succeeded.
    const once = new Job(
      name,
      { metadata: { namespace: args.namespace, labels }, spec: canaryJob(pod) },
      { ...parent, dependsOn: [configMap] },
    );
    this.read = once.status.apply(() => paths);
    if (args.schedule !== undefined)
      new CronJob(
        `${name}-schedule`,
        { metadata: metadata(name), spec: scheduled(args.schedule, canaryJob(pod)) },
        parent,
      );
    if (args.spark !== undefined) {
      const { executors = 2, user: sparkUser = 185, ...spark } = args.spark;
      const mounted = { user: sparkUser, mounts: dataMounts(args.access, sparkUser) };
      const spec = sparkCanarySpec({ ...spark, executors, ...mounted, ...common }, `${name}-code`, paths);
      this.spark(name, metadata(`${name}-spark`), spec, configMap);
    }
    this.registerOutputs({ read: this.read });
  }

  private spark(name: string, metadata: object, spec: ReturnType<typeof sparkCanarySpec>, code: pulumi.Resource): void {
    new CustomResource(
      `${name}-spark`,
      {
        ...{ apiVersion: "sparkoperator.k8s.io/v1beta2", kind: "SparkApplication", spec },
        metadata: { ...metadata, annotations: UNTIL_COMPLETED },
      },
      { parent: this, dependsOn: [code], customTimeouts: { create: "20m", update: "20m" } },
    );
  }
}

/** Runs one after another, and keeps the last failures to be looked at. */
function scheduled(schedule: string, spec: ReturnType<typeof canaryJob>) {
  return {
    ...{ schedule, concurrencyPolicy: "Forbid", successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 3 },
    jobTemplate: { spec },
  };
}
