import { UserError } from "../../errors";
import { allocationConf, batchSize, type PlannedAllocation } from "./allocation";
import type { PlannedSize } from "./memory";
import { eventLogConf, eventLogDirectory, type EventLogs, type ObjectStore, s3aConf } from "./objectStore";

/** What decides the properties of a run, decided. */
export interface SparkConfPlan {
  sparkVersion: string;
  driver: PlannedSize;
  executor: PlannedSize;
  /** Executors that come and go, or their number. */
  executors: PlannedAllocation | number;
  store?: ObjectStore;
  eventLogs?: EventLogs;
  /** Whether an executor whose node goes hands its blocks to others. */
  decommission: boolean;
  /** Whether metrics are served for Prometheus. */
  metrics: boolean;
  /** Name of executors' pods before `-exec-<n>`; Spark takes up to 47 characters. */
  podNamePrefix?: string;
  /** Properties of the user's own. */
  conf: Readonly<Record<string, string>>;
}

/** A run's properties, sorted by name. */
export function planSparkConf(plan: SparkConfPlan): Record<string, string> {
  const planned: Record<string, string> = {
    ...sizeConf(plan),
    ...executorsConf(plan.executors),
    ...(plan.decommission && DECOMMISSION),
    ...(plan.metrics && METRICS),
    ...ENCRYPTION,
    ...(plan.store && s3aConf(plan.store, plan.sparkVersion)),
    ...(plan.eventLogs && eventLogConf(eventLogDirectory(plan.eventLogs))),
    ...(plan.podNamePrefix !== undefined && { "spark.kubernetes.executor.podNamePrefix": plan.podNamePrefix }),
  };
  const findings = Object.keys(plan.conf).flatMap((key) => confFinding(key, planned) ?? []);
  if (findings.length > 0) throw UserError.all(findings.sort());
  return sorted({ ...planned, ...plan.conf });
}

/** Properties by name, so that the same plan is the same text. */
export function sorted(conf: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(conf).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As Spark reads `spark-defaults.conf`. */
export function propertiesFile(conf: Record<string, string>): string {
  return Object.entries(conf)
    .map(([key, value]) => `${key} ${value}\n`)
    .join("");
}

function sizeConf({ driver, executor }: SparkConfPlan): Record<string, string> {
  return {
    "spark.driver.cores": String(driver.cores),
    "spark.driver.memory": `${driver.memoryMiB}m`,
    "spark.driver.memoryOverhead": `${driver.overheadMiB}m`,
    "spark.executor.cores": String(executor.cores),
    "spark.executor.memory": `${executor.memoryMiB}m`,
    "spark.executor.memoryOverhead": `${executor.overheadMiB}m`,
    "spark.kubernetes.driver.limit.cores": String(driver.cores),
    "spark.kubernetes.executor.limit.cores": String(executor.cores),
  };
}

function executorsConf(executors: PlannedAllocation | number): Record<string, string> {
  const most = typeof executors === "number" ? executors : executors.max;
  return {
    ...(typeof executors === "number" ? { "spark.executor.instances": String(executors) } : allocationConf(executors)),
    "spark.kubernetes.allocation.batch.size": String(batchSize(most)),
  };
}

/** Blocks of an executor that goes move to others (https://spark.apache.org/docs/4.0.0/configuration.html, `spark.decommission.*`). */
const DECOMMISSION = {
  "spark.decommission.enabled": "true",
  "spark.storage.decommission.enabled": "true",
  "spark.storage.decommission.rddBlocks.enabled": "true",
  "spark.storage.decommission.shuffleBlocks.enabled": "true",
};

/** The driver serves its own metrics and, at another path, its executors' (https://spark.apache.org/docs/4.0.0/monitoring.html). */
const METRICS = {
  "spark.ui.prometheus.enabled": "true",
  "spark.metrics.namespace": "${spark.app.name}",
  "spark.metrics.conf.*.sink.prometheusServlet.class": "org.apache.spark.metrics.sink.PrometheusServlet",
  "spark.metrics.conf.*.sink.prometheusServlet.path": "/metrics/prometheus",
};

/** A secret of each run, made and handed out by Spark itself on Kubernetes (https://spark.apache.org/docs/4.0.0/security.html). */
export const ENCRYPTION = {
  "spark.authenticate": "true",
  "spark.network.crypto.enabled": "true",
  "spark.network.crypto.saslFallback": "false",
  "spark.io.encryption.enabled": "true",
};

/** Properties that the operator's webhook refuses (its 2.5 release), since it sets them itself. */
const OPERATOR_OWN =
  /^spark\.(master|kubernetes\.(driver\.master|namespace|container\.image|(driver|executor)\.container\.image|authenticate\..*|(driver|executor)\.podTemplateFile))$/;

/** Properties whose value would be a secret, for all to read. */
const SECRET =
  /(^spark\.authenticate\.secret$)|(^spark\.hadoop\.fs\.s3a\..*(access\.key|secret\.key|session\.token)$)|password|secret\.?key$|credential$|token$/i;

function confFinding(key: string, planned: Record<string, string>): string | undefined {
  if (!key.startsWith("spark."))
    return `\`conf.${key}\` is no property of Spark: they begin with \`spark.\`, Hadoop's with \`spark.hadoop.\`.`;
  if (SECRET.test(key))
    return `\`conf.${key}\` would show a secret in Spark's UI, event logs and this manifest. Put it into a Secret, and give that as \`store.credentials\` or by an environment variable.`;
  if (OPERATOR_OWN.test(key)) return `\`conf.${key}\` is set by the operator. Use the argument that says it.`;
  if (key in planned)
    return `\`conf.${key}\` is decided by the other arguments (${planned[key]}). Change those instead.`;
  return undefined;
}
