import type { types } from "@pulumi/kubernetes";

import { recommendedLabels } from "../kubernetes/labels";
import type { DataMounts } from "../kubernetes/mounts";
import { type Placement, placementOf } from "../kubernetes/placement";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/security";
import { podEnvironment } from "./environment";
import type { PlannedRun } from "./plan";
import { combined, RUNNER, RUNNER_ARGUMENTS, type RunConfigMap, runMounts } from "./podFiles";

type JobSpec = types.input.batch.v1.JobSpec;
type CronJobSpec = types.input.batch.v1.CronJobSpec;

const DAY = 86_400;

/** Who a Job's container runs as; an image must not need another user. */
export const JOB_USER = 1000;

/** Seconds beyond the run's own timeout for the image to be pulled and packages to be laid over it. */
const START = 1800;

export interface JobOptions {
  mounts?: DataMounts;
  placement?: Placement;
}

/** Labels of everything that a run has in a cluster. */
export function runLabels({ objectName, address }: PlannedRun): Record<string, string> {
  return { ...recommendedLabels({ name: "analysis", instance: objectName }), "openstack-fabric/address": address };
}

/** A Job of one container that runs the analysis. */
export function jobSpec(planned: PlannedRun, configMap: RunConfigMap, options: JobOptions = {}): JobSpec {
  const { retries, timeout, keep } = planned.analysis.definition;
  return {
    backoffLimit: retries,
    activeDeadlineSeconds: (retries + 1) * timeout + START,
    ttlSecondsAfterFinished: keep.logs * DAY,
    template: { metadata: { labels: runLabels(planned) }, spec: podSpec(planned, configMap, options) },
  };
}

/** Jobs at the times of a schedule. */
export function cronJobSpec(planned: PlannedRun, configMap: RunConfigMap, options: JobOptions = {}): CronJobSpec {
  const { cron, timeZone, concurrency } = planned.schedule!;
  return {
    schedule: cron,
    timeZone,
    concurrencyPolicy: concurrency,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: { metadata: { labels: runLabels(planned) }, spec: jobSpec(planned, configMap, options) },
  };
}

function podSpec(planned: PlannedRun, configMap: RunConfigMap, { mounts, placement = {} }: JobOptions) {
  const { mounts: packages, variables } = podEnvironment(planned);
  const scratch: DataMounts = {
    volumes: [{ name: "scratch", emptyDir: {} }],
    volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
  };
  const all = combined(runMounts(configMap), packages, scratch, mounts);
  const { cpu, memory, gpu } = planned.analysis.definition.resources.job;
  const amount = { cpu: String(cpu), memory, ...(gpu > 0 && { "nvidia.com/gpu": String(gpu) }) };
  return {
    ...placementOf(placement),
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    securityContext: restrictedPod(JOB_USER),
    initContainers: (all.initContainers ?? []).map((container) => withScratch(container)),
    containers: [
      {
        name: "analysis",
        image: planned.run.image,
        command: ["python3", RUNNER],
        args: [...RUNNER_ARGUMENTS, "--report", "/dev/termination-log"],
        env: [...Object.entries(variables).map(([name, value]) => ({ name, value })), ...(all.env ?? [])],
        resources: { requests: amount, limits: amount },
        securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: true },
        volumeMounts: all.volumeMounts,
      },
    ],
    volumes: all.volumes,
  };
}

function withScratch(container: types.input.core.v1.Container): types.input.core.v1.Container {
  const mounts = container.volumeMounts as types.input.core.v1.VolumeMount[];
  return { ...container, volumeMounts: [...mounts, { name: "scratch", mountPath: "/tmp" }] };
}
