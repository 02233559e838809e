import { UserError } from "../../errors";

/** Executors that come and go with the work (https://spark.apache.org/docs/4.0.0/job-scheduling.html#dynamic-resource-allocation). */
export interface DynamicAllocation {
  /** Fewest executors. Default 0. New runs have it. */
  min?: number;
  /** Most executors, 1 to 10,000: there is no default, since it is what a run may cost. New runs have it. */
  max: number;
  /** Executors to begin with. Default: `min`. New runs have it. */
  initial?: number;
  /**
   * Whether executors stay while shuffle data of theirs is needed. Default true: without it, or an external shuffle
   * service, an executor that goes takes shuffle data with it. New runs have it.
   */
  shuffleTracking?: boolean;
  /** Seconds after which an executor goes although it has shuffle data. Default 3600. New runs have it. */
  shuffleTimeout?: number;
  /** Whether the site runs an external shuffle service on its nodes; Kubernetes has none of its own. Default false. */
  shuffleService?: boolean;
  /** Seconds without work after which an executor goes. Default 60. New runs have it. */
  idleTimeout?: number;
}

/** Spark's default of the idle timeout, and ours of what Spark has without limit: data of a cancelled stage goes in an hour. */
const DEFAULTS = { idleTimeout: 60, shuffleTimeout: 3600 } as const;

/** Kubernetes' own limit of tested pods is 150,000 a cluster; a run of more than this has another problem. */
const MAX_EXECUTORS = 10_000;

export interface PlannedAllocation {
  min: number;
  max: number;
  initial: number;
  shuffleTracking: boolean;
  shuffleService: boolean;
  /** Seconds. */
  shuffleTimeout: number;
  /** Seconds. */
  idleTimeout: number;
}

/** Dynamic allocation with its defaults; refuses what would lose shuffle data, or can never be. */
export function planAllocation(path: string, given: DynamicAllocation): PlannedAllocation {
  const plan = withDefaults(given);
  const { min, max, initial } = plan;
  const findings: string[] = [];
  if (!plan.shuffleTracking && !plan.shuffleService)
    findings.push(
      `\`${path}.shuffleTracking\` is off and there is no shuffle service: executors that go would take shuffle data with them. Leave it on, or say \`shuffleService: true\` where nodes run one.`,
    );
  if (!Number.isSafeInteger(max) || max < 1 || max > MAX_EXECUTORS)
    findings.push(`\`${path}.max\` must be 1 to ${MAX_EXECUTORS}, got ${max}.`);
  if (!Number.isSafeInteger(min) || min < 0 || min > max)
    findings.push(`\`${path}.min\` must be 0 to \`max\` (${max}), got ${min}.`);
  if (!Number.isSafeInteger(initial) || initial < min || initial > max)
    findings.push(`\`${path}.initial\` must be ${min} to ${max}, between \`min\` and \`max\`, got ${initial}.`);
  for (const key of ["shuffleTimeout", "idleTimeout"] as const)
    if (!(plan[key] > 0)) findings.push(`\`${path}.${key}\` must be more than 0 seconds, got ${plan[key]}.`);
  if (findings.length > 0) throw UserError.all(findings);
  return plan;
}

function withDefaults(given: DynamicAllocation): PlannedAllocation {
  const min = given.min ?? 0;
  const shuffleService = given.shuffleService ?? false;
  return {
    ...{ min, max: given.max, initial: given.initial ?? min, shuffleService },
    shuffleTracking: given.shuffleTracking ?? !shuffleService,
    shuffleTimeout: given.shuffleTimeout ?? DEFAULTS.shuffleTimeout,
    idleTimeout: given.idleTimeout ?? DEFAULTS.idleTimeout,
  };
}

/** As Spark's own properties. */
export function allocationConf(plan: PlannedAllocation): Record<string, string> {
  const dynamic = (key: string) => `spark.dynamicAllocation.${key}`;
  return {
    [dynamic("enabled")]: "true",
    [dynamic("minExecutors")]: String(plan.min),
    [dynamic("maxExecutors")]: String(plan.max),
    [dynamic("initialExecutors")]: String(plan.initial),
    [dynamic("executorIdleTimeout")]: `${plan.idleTimeout}s`,
    [dynamic("shuffleTracking.enabled")]: String(plan.shuffleTracking),
    ...(plan.shuffleTracking && { [dynamic("shuffleTracking.timeout")]: `${plan.shuffleTimeout}s` }),
    ...(plan.shuffleService && { "spark.shuffle.service.enabled": "true" }),
  };
}

/** As the operator's `dynamicAllocation`, which counts the timeout in milliseconds. */
export function allocationField(plan: PlannedAllocation) {
  return {
    enabled: true,
    minExecutors: plan.min,
    maxExecutors: plan.max,
    initialExecutors: plan.initial,
    shuffleTrackingEnabled: plan.shuffleTracking,
    ...(plan.shuffleTracking && { shuffleTrackingTimeout: plan.shuffleTimeout * 1000 }),
  };
}

/**
 * Executors that are asked for at once, every second: Spark's own 10 take minutes for hundreds, so that there are as
 * many as make it twenty rounds, up to 100.
 */
export function batchSize(executors: number): number {
  return Math.min(100, Math.max(10, Math.ceil(executors / 20)));
}
