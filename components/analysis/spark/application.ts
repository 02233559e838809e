import { attempt, UserError } from "../../errors";
import { imageFinding } from "../kubernetes/images";
import { recommendedLabels } from "../kubernetes/labels";
import type { DataMounts } from "../kubernetes/mounts";
import { allocationField, planAllocation, type PlannedAllocation } from "./allocation";
import type { ApplicationArgs, RestartPolicy } from "./applicationArgs";
import { type PlannedSize, planSize } from "./memory";
import { nodeFinding } from "./nodes";
import { connectorFinding, credentialsEnv, eventLogFindings, storeFindings } from "./objectStore";
import { podTemplate } from "./podTemplate";
import { planSparkConf } from "./sparkConf";
import { sparkVersionOf, versionFinding } from "./versions";

/** Kind and version of the operator's objects. */
export const API_VERSION = "sparkoperator.k8s.io/v1beta2";

const NO_MOUNTS: DataMounts = { volumes: [], volumeMounts: [] };

/** Properties that fields of the object say; the operator adds them from there. */
const SAID_BY_FIELDS =
  /^spark\.((driver|executor)\.(cores|memory|memoryOverhead)|executor\.instances|kubernetes\.(driver|executor)\.limit\.cores|dynamicAllocation\.(enabled|(min|max|initial)Executors|shuffleTracking\..*))$/;

export interface ApplicationOptions {
  /** Whether executors' pods are named after it: not where several runs are there at once. Default true. */
  podNames?: boolean;
  /** Longest name. Default: what Spark takes as a prefix of its executors' names. */
  longestName?: number;
}

/** `spec` of a SparkApplication, of the operator's 2.5.2; says everything that is wrong with the arguments at once. */
export function planSparkApplication(name: string, args: ApplicationArgs, options: ApplicationOptions = {}) {
  const findings = [...nameFindings(name, options.longestName ?? 47), ...applicationFindings(args)];
  const driver = attempt(findings, () => planSize("driver", args.driver ?? {}, args.language));
  const executor = attempt(findings, () => planSize("executor", args.executor ?? {}, args.language));
  const executors = attempt(findings, () => planExecutors(args));
  if (driver !== undefined) findings.push(...placed("driver", driver, args, args.driverPlacement?.nodeGroups));
  if (executor !== undefined) findings.push(...placed("executor", executor, args, args.placement?.nodeGroups));
  const sizes = decided(driver, executor, executors);
  const sparkVersion = sparkVersionOf(args.image, args.sparkVersion) ?? "";
  const podNames = (options.podNames ?? true) ? name : undefined;
  const sparkConf = sizes && attempt(findings, () => confOf(args, { ...sizes, sparkVersion }, podNames));
  if (findings.length > 0 || !sizes || sparkConf === undefined) throw UserError.all(findings);
  return specOf(name, args, { ...sizes, sparkVersion, sparkConf });
}

interface Decided {
  driver: PlannedSize;
  executor: PlannedSize;
  executors: PlannedAllocation | number;
  sparkVersion: string;
}

function decided(
  driver: PlannedSize | undefined,
  executor: PlannedSize | undefined,
  executors: PlannedAllocation | number | undefined,
) {
  return driver && executor && executors !== undefined ? { driver, executor, executors } : undefined;
}

function confOf(args: ApplicationArgs, sizes: Decided, podNamePrefix: string | undefined) {
  const conf = planSparkConf({
    ...sizes,
    ...{ store: args.store, eventLogs: args.eventLogs, conf: args.conf ?? {}, podNamePrefix },
    decommission: args.decommission ?? true,
    metrics: args.metrics ?? true,
  });
  return Object.fromEntries(Object.entries(conf).filter(([key]) => !SAID_BY_FIELDS.test(key)));
}

function specOf(name: string, args: ApplicationArgs, decided: Decided & { sparkConf: Record<string, string> }) {
  const { sparkVersion, sparkConf, executors } = decided;
  return {
    type: args.language,
    mode: "cluster",
    sparkVersion,
    image: args.image,
    imagePullPolicy: "IfNotPresent",
    mainApplicationFile: args.mainApplicationFile,
    ...(args.mainClass !== undefined && { mainClass: args.mainClass }),
    ...(args.arguments !== undefined && { arguments: args.arguments }),
    ...(args.dependencies !== undefined && { deps: args.dependencies }),
    ...(args.language === "Python" && { pythonVersion: "3" }),
    sparkConf,
    restartPolicy: restartOf(args.restart ?? {}),
    ...(args.timeToLive !== undefined && { timeToLiveSeconds: args.timeToLive }),
    driver: { ...podOf("driver", name, args, decided), serviceAccount: args.serviceAccount ?? "spark" },
    executor: {
      ...podOf("executor", name, args, decided),
      serviceAccount: args.executorServiceAccount ?? "spark-executor",
      ...(typeof executors === "number" && { instances: executors }),
    },
    ...(typeof executors !== "number" && { dynamicAllocation: allocationField(executors) }),
  };
}

function podOf(role: "driver" | "executor", name: string, args: ApplicationArgs, decided: Decided) {
  const size = decided[role];
  const labels = recommendedLabels({ name: "spark", instance: name, component: role, version: decided.sparkVersion });
  const variables = Object.entries(args.environment ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    cores: size.cores,
    coreLimit: String(size.cores),
    memory: `${size.memoryMiB}m`,
    memoryOverhead: `${size.overheadMiB}m`,
    template: podTemplate({
      ...{ role, labels, decommission: args.decommission ?? true, mounts: args.mounts ?? NO_MOUNTS },
      env: [
        ...variables.map(([key, value]) => ({ name: key, value })),
        ...(args.store ? credentialsEnv(args.store) : []),
      ],
      placement: (role === "driver" ? args.driverPlacement : args.placement) ?? {},
    }),
  };
}

function restartOf({ policy = "OnFailure", retries = 3, interval = 30 }: RestartPolicy) {
  if (policy === "Never") return { type: policy };
  return {
    type: policy,
    onFailureRetries: retries,
    onFailureRetryInterval: interval,
    onSubmissionFailureRetries: retries,
    onSubmissionFailureRetryInterval: interval,
  };
}

function planExecutors({ allocation, executor }: ApplicationArgs): PlannedAllocation | number {
  if (allocation !== undefined) {
    if (executor?.instances !== undefined)
      throw new UserError("`executor.instances` and `allocation` both say how many executors there are. Give one.");
    return planAllocation("allocation", allocation);
  }
  const instances = executor?.instances ?? 2;
  if (Number.isSafeInteger(instances) && instances >= 1 && instances <= 10_000) return instances;
  throw new UserError(`\`executor.instances\` must be 1 to 10000, got ${instances}.`);
}

function placed(path: string, size: PlannedSize, { nodes = {} }: ApplicationArgs, groups: string[] | undefined) {
  const finding = nodeFinding(path, size, nodes, groups);
  return finding === undefined ? [] : [finding];
}

/** DNS-1035, as the operator's webhook asks; shorter than its 63 where names are made from it. */
function nameFindings(name: string, longest: number): string[] {
  if (/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= longest) return [];
  return [
    `the application's name must be up to ${longest} lower-case letters, digits and hyphens, beginning with a letter, got "${name}".`,
  ];
}

function applicationFindings(args: ApplicationArgs): string[] {
  const findings = [
    imageFinding("image", args.image),
    versionFinding("sparkVersion", sparkVersionOf(args.image, args.sparkVersion)),
    ...(args.store ? storeFindings("store", args.store) : []),
    ...(args.store ? [connectorFinding("image", args.image, args.dependencies?.packages)] : []),
    ...(args.eventLogs ? eventLogFindings("eventLogs", args.eventLogs) : []),
  ];
  if (args.eventLogs !== undefined && args.store === undefined)
    findings.push("`eventLogs` needs `store`: the object storage that has the bucket.");
  if ((args.language === "Java" || args.language === "Scala") && args.mainClass === undefined)
    findings.push(`\`mainClass\` is missing: ${args.language} runs a class of the jar.`);
  if (args.timeToLive !== undefined && !(args.timeToLive > 0))
    findings.push(`\`timeToLive\` must be more than 0 seconds, got ${args.timeToLive}.`);
  return findings.flatMap((finding) => finding ?? []);
}
