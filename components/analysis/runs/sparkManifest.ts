import { planSparkApplication } from "../spark/application";
import type { ApplicationArgs } from "../spark/applicationArgs";
import { planSchedule } from "../spark/schedule";
import { podEnvironment } from "./environment";
import type { PlannedRun } from "./plan";
import { combined, RUNNER, RUNNER_ARGUMENTS, type RunConfigMap, runMounts } from "./podFiles";

const DAY = 86_400;

/** What the platform gives to a Spark application; the rest the definition says. */
export type PlatformArgs = Pick<ApplicationArgs, "mounts" | "store" | "eventLogs" | "placement" | "nodes">;

type ApplicationSpec = ReturnType<typeof planSparkApplication>;

/** `spec` of the run's SparkApplication. */
export function sparkSpec(planned: PlannedRun, configMap: RunConfigMap, platform: PlatformArgs = {}): ApplicationSpec {
  return planSparkApplication(planned.objectName, applicationArgs(planned, configMap, platform));
}

/** `spec` of a ScheduledSparkApplication of such runs. */
export function scheduledSparkSpec(planned: PlannedRun, configMap: RunConfigMap, platform: PlatformArgs = {}) {
  const { cron: schedule, timeZone, concurrency } = planned.schedule!;
  const args = { schedule, timeZone, concurrency, ...applicationArgs(planned, configMap, platform) };
  return planSchedule(planned.objectName, args);
}

function applicationArgs(planned: PlannedRun, configMap: RunConfigMap, platform: PlatformArgs): ApplicationArgs {
  const { analysis, run } = planned;
  const { resources, retries, keep } = analysis.definition;
  const { mounts, variables } = podEnvironment(planned);
  const { driver, executor } = resources;
  const { store, eventLogs, placement, nodes } = platform;
  return {
    ...{ store, eventLogs, placement, driverPlacement: placement, nodes },
    language: "Python",
    image: run.image,
    sparkVersion: run.spark ?? undefined,
    mainApplicationFile: `local://${RUNNER}`,
    arguments: RUNNER_ARGUMENTS,
    driver: { ...driver, memory: sparkMemory(driver.memory) },
    executor: { ...executor, memory: sparkMemory(executor.memory) },
    mounts: combined(runMounts(configMap), mounts, platform.mounts),
    environment: variables,
    restart: retries === 0 ? { policy: "Never" } : { policy: "OnFailure", retries },
    timeToLive: keep.logs * DAY,
  };
}

/** Kubernetes' `2Gi` is Spark's `2g`. */
function sparkMemory(quantity: string): string {
  return quantity.replace(/i$/, "").toLowerCase();
}
