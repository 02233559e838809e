import { UserError } from "../../errors";
import { planSparkApplication } from "./application";
import type { ApplicationArgs } from "./applicationArgs";

/** When a scheduled application runs. */
export interface ScheduleArgs {
  /** Cron expression of five fields, or `@every 1h`, `@daily` and the like. In place. */
  schedule: string;
  /** Time zone of it, such as `Europe/Zurich`. Default `UTC`. In place. */
  timeZone?: string;
  /** What happens when the one before still runs: skip, run both, or end the one before. Default `Forbid`. In place. */
  concurrency?: "Allow" | "Forbid" | "Replace";
  /** Whether no more runs begin. Default false. In place. */
  suspend?: boolean;
  /** Successful runs that are kept. Default 3. In place. */
  successfulRuns?: number;
  /** Failed runs that are kept. Default 3. In place. */
  failedRuns?: number;
}

/** A run's name is this one's and nanoseconds (19 digits), and its driver's pod adds `-driver`: 63 characters together. */
const LONGEST_NAME = 63 - "-".length - 19 - "-driver".length;

const FIELD = String.raw`(\*|\?|[\w,\-/*]+)`;
const CRON = new RegExp(
  String.raw`^(${FIELD}( ${FIELD}){4}|@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every \d+[hms](\d+[ms])*)$`,
);

/** `spec` of a ScheduledSparkApplication. */
export function planSchedule(name: string, args: ScheduleArgs & ApplicationArgs) {
  if (!CRON.test(args.schedule))
    throw new UserError(
      `\`schedule\` must be a cron expression of five fields, or such as @daily or @every 6h, got "${args.schedule}".`,
    );
  return {
    schedule: args.schedule,
    timeZone: args.timeZone ?? "UTC",
    concurrencyPolicy: args.concurrency ?? "Forbid",
    suspend: args.suspend ?? false,
    successfulRunHistoryLimit: args.successfulRuns ?? 3,
    failedRunHistoryLimit: args.failedRuns ?? 3,
    // Executors of two runs would have the same names.
    template: planSparkApplication(name, args, { podNames: false, longestName: LONGEST_NAME }),
  };
}
