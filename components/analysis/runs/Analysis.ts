import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob";
import { Job } from "@pulumi/kubernetes/batch/v1/job";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../../errors";
import type { DataMounts } from "../kubernetes/mounts";
import type { Placement } from "../kubernetes/placement";
import { API_VERSION } from "../spark/application";
import type { NodeShape } from "../spark/nodes";
import type { EventLogs, ObjectStore } from "../spark/objectStore";
import { cronJobSpec, jobSpec, runLabels } from "./jobManifest";
import { loadAnalysis } from "./load";
import { clusterFindings, type PlannedRun, planRun } from "./plan";
import { type RunConfigMap, runConfigMap } from "./podFiles";
import { scheduledSparkSpec, sparkSpec } from "./sparkManifest";

/** When an analysis runs by itself. */
export interface AnalysisSchedule {
  /** Cron expression of five fields. In place. */
  cron: string;
  /** Time zone of it. Default `Etc/UTC`. In place. */
  timeZone?: string;
  /** What happens when a run is due while the last one runs: `Forbid`, `Replace` or `Allow`. Default `Forbid`. In place. */
  concurrency?: "Forbid" | "Replace" | "Allow";
  /** Whether a run that is due ends at once unless an observed input has changed, or always runs. Default `changed`. */
  each?: "changed" | "always";
}

export interface AnalysisArgs {
  /** Path of its `analysis.yaml`. */
  definition: string;
  /** Namespace that it runs in, which must exist. REPLACES the run. */
  namespace: pulumi.Input<string>;
  /** Values of parameters as text. Default: each one's default. Another value is another run, which ends one that still runs. */
  parameters?: Record<string, string>;
  /** Any text; another one runs the analysis again, beside the results that are there. Default: none. */
  rerun?: string;
  /** Where results go. Default: as the definition says. New runs have it. */
  to?: string;
  /** When it runs. Default: as the definition says. In place. */
  schedule?: AnalysisSchedule;
  /** Software and data of the site, for every pod of it. Default: none. New runs have it. */
  mounts?: DataMounts;
  /** Object storage of Spark's; also where event logs go. Default: none. New runs have it. */
  store?: ObjectStore;
  /** Where Spark's event logs go, in `store`. Default: nowhere. New runs have it. */
  eventLogs?: EventLogs;
  /** Nodes that it runs on. Default: every one. New runs have it. */
  placement?: Placement;
  /** The cluster's node groups, by which too large pods of Spark are refused. Default: not known. */
  nodes?: Record<string, NodeShape>;
}

/** An analysis in a cluster: a Spark application or a Job, once or by a schedule, that does not compute the same twice. */
export class Analysis extends pulumi.ComponentResource {
  /** What it computes, as a hash; a part of the run's name and of the result's prefix. */
  readonly address: pulumi.Output<string>;
  /** Where its result lies; of one that observes inputs or always runs, where all of them lie. */
  readonly results: pulumi.Output<string>;
  /** Name of its object in the namespace. */
  readonly objectName: pulumi.Output<string>;
  /** Command that shows its logs. */
  readonly logs: pulumi.Output<string>;

  constructor(name: string, args: AnalysisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:Analysis", name, {}, opts);
    const planned = plannedInCluster(args);
    const files = runConfigMap(planned);
    const configMap = new ConfigMap(
      `${name}-files`,
      {
        metadata: { name: files.name, namespace: args.namespace, labels: runLabels(planned) },
        data: files.data,
        binaryData: files.binaryData,
        immutable: true,
      },
      { parent: this },
    );
    createRun(name, args, planned, files, { parent: this, dependsOn: [configMap] });
    this.address = pulumi.output(planned.address);
    this.results = pulumi.output(planned.prefix);
    this.objectName = pulumi.output(planned.objectName);
    this.logs = pulumi.interpolate`kubectl -n ${args.namespace} logs --tail=-1 -l ${podsOf(planned)}`;
    this.registerOutputs({
      address: this.address,
      results: this.results,
      objectName: this.objectName,
      logs: this.logs,
    });
  }
}

/** Plans it, and refuses what only a developer's machine could run. */
function plannedInCluster({ definition, parameters, rerun, to, schedule, store }: AnalysisArgs): PlannedRun {
  const complete = schedule && {
    cron: schedule.cron,
    timeZone: schedule.timeZone ?? "Etc/UTC",
    concurrency: schedule.concurrency ?? "Forbid",
    each: schedule.each ?? "changed",
  };
  const planned = planRun(loadAnalysis(definition), { parameters, rerun, to, schedule: complete });
  const findings = clusterFindings(planned, store !== undefined);
  if (findings.length > 0) throw UserError.all(findings.map((finding) => `${definition}: ${finding}`));
  return planned;
}

function createRun(
  name: string,
  args: AnalysisArgs,
  planned: PlannedRun,
  files: RunConfigMap,
  opts: pulumi.CustomResourceOptions,
): void {
  const metadata = { name: planned.objectName, namespace: args.namespace, labels: runLabels(planned) };
  const scheduled = planned.schedule !== undefined;
  if (planned.run.spark !== null) {
    const kind = scheduled ? "ScheduledSparkApplication" : "SparkApplication";
    const spec = scheduled ? scheduledSparkSpec(planned, files, args) : sparkSpec(planned, files, args);
    new CustomResource(name, { apiVersion: API_VERSION, kind, metadata, spec }, opts);
  } else if (scheduled) {
    new CronJob(name, { metadata, spec: cronJobSpec(planned, files, args) }, opts);
  } else {
    // An update does not wait for hours until it has finished. What it runs cannot change, and its name says which it is.
    const annotations = { "pulumi.com/skipAwait": "true" };
    const job = { metadata: { ...metadata, annotations }, spec: jobSpec(planned, files, args) };
    new Job(name, job, { ...opts, deleteBeforeReplace: true });
  }
}

/** Selects the pods whose logs say what the analysis did. */
function podsOf({ objectName, run }: PlannedRun): string {
  const instance = `app.kubernetes.io/instance=${objectName}`;
  return run.spark === null ? instance : `${instance},spark-role=driver`;
}
