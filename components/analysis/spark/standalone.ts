import { attempt, UserError } from "../../errors";
import { imageFinding } from "../kubernetes/images";
import { parseMemory } from "./memory";
import {
  connectorFinding,
  eventLogConf,
  eventLogDirectory,
  eventLogFindings,
  type EventLogs,
  type ObjectStore,
  s3aConf,
  storeFindings,
} from "./objectStore";
import { ENCRYPTION, propertiesFile, sorted } from "./sparkConf";
import { DEFAULT_IMAGE, sparkVersionOf, versionFinding } from "./versions";

/** Where the daemons run: on a Docker Swarm, or on one Docker host. */
export type StandaloneOn = "swarm" | "host";

/** Workers of a standalone cluster. */
export interface WorkersArgs {
  /** Their number, 1 to 1,000. Default 2. In place on a Swarm; on a host containers are added or removed. */
  replicas?: number;
  /** Cores that each offers. Default 1. Restarts them. */
  cores?: number;
  /** Memory that each offers to executors, with a unit. Default `1g`. Restarts them. */
  memory?: string;
}

/** What a standalone cluster is planned by. */
export interface StandalonePlanArgs {
  on: StandaloneOn;
  /** Begins every name. */
  prefix: string;
  /** Image with a tag or digest. Default: `DEFAULT_IMAGE`. */
  image?: string;
  sparkVersion?: string;
  workers?: WorkersArgs;
  store?: ObjectStore;
  eventLogs?: EventLogs;
  history?: boolean;
  /** Whether the store's credentials are given. */
  hasCredentials?: boolean;
  /** What is published, and where. */
  published?: { ip?: string; master?: number; history?: number };
}

/** A process of a standalone cluster. */
export interface DaemonPlan {
  role: "master" | "worker" | "history";
  /** Name in Docker and on the network. */
  name: string;
  command: string[];
  /** Properties, without the secret that all share. */
  conf: Record<string, string>;
  environment: Record<string, string>;
  /** The port on which it is ready. */
  port: number;
  /** MiB that the container may use. */
  memoryMiB: number;
  cores?: number;
  replicas: number;
  /** Whether it keeps event logs on the host's volume. */
  logs: boolean;
}

export interface StandalonePlan {
  image: string;
  masterUrl: string;
  daemons: DaemonPlan[];
  /** Properties of applications, without the secret. */
  client: Record<string, string>;
}

/** Spark's own ports (https://spark.apache.org/docs/4.0.0/security.html#standalone-mode-only). */
const PORTS = { master: 7077, masterUi: 8080, worker: 7078, history: 18_080 } as const;

/** Port of a daemon's UI. */
export const UI_PORTS = { master: PORTS.masterUi, worker: 8081, history: PORTS.history } as const;

/** The properties file in the container; not in Spark's own folder, where a Swarm's secret hides what the image has. */
export const PROPERTIES = "/run/secrets/spark.properties";

/** A folder that Apache's images give to their user, so that a new volume there is his too. */
export const LOGS_FOLDER = "/opt/spark/work-dir";

/** MiB of a daemon's own heap, and of its container beside executors. */
const DAEMON_HEAP = 512;
const DAEMON_MIB = 1024;

/** UIs have no login: they may look, and end nothing. */
const QUIET = { "spark.ui.killEnabled": "false", "spark.master.rest.enabled": "false" };

/** The daemons of a standalone cluster, in the order in which they start. */
export function planStandalone(args: StandalonePlanArgs): StandalonePlan {
  const image = args.image ?? DEFAULT_IMAGE;
  const { replicas = 2, cores = 1, memory = "1g" } = args.workers ?? {};
  const findings = standaloneFindings(args, image, { replicas, cores });
  const memoryMiB = attempt(findings, () => parseMemory("workers.memory", memory));
  if (findings.length > 0 || memoryMiB === undefined) throw UserError.all(findings);
  const logs = logsOf(args, image);
  const context: Context = { prefix: args.prefix, logs, onHost: args.on === "host" };
  const workers =
    args.on === "swarm"
      ? [worker(context, { cores, memoryMiB, replicas })]
      : Array.from({ length: replicas }, (_, index) => worker(context, { cores, memoryMiB, replicas: 1 }, index + 1));
  const history = args.history === true ? [historyServer(context)] : [];
  const client = sorted({ ...ENCRYPTION, ...logs.conf, "spark.master": masterUrl(args.prefix) });
  return { image, masterUrl: masterUrl(args.prefix), daemons: [master(context), ...workers, ...history], client };
}

/** A properties file with the secret that all daemons and applications share. */
export function withSecret(conf: Record<string, string>, secret: string): string {
  return propertiesFile(sorted({ ...conf, "spark.authenticate.secret": secret }));
}

interface Context {
  prefix: string;
  logs: { directory?: string; conf: Record<string, string> };
  onHost: boolean;
}

const RPC = {
  "spark.authenticate": "true",
  "spark.network.crypto.enabled": "true",
  "spark.network.crypto.saslFallback": "false",
};

function masterUrl(prefix: string): string {
  return `spark://${prefix}-master:${PORTS.master}`;
}

function daemon(
  context: Context,
  role: DaemonPlan["role"],
  main: string,
  given: Partial<DaemonPlan> & Pick<DaemonPlan, "command" | "conf" | "port">,
): DaemonPlan {
  return {
    ...{ role, name: `${context.prefix}-${role}`, memoryMiB: DAEMON_MIB, replicas: 1, logs: false },
    environment: { SPARK_DAEMON_MEMORY: `${DAEMON_HEAP}m` },
    ...given,
    command: ["/opt/spark/bin/spark-class", main, ...given.command, "--properties-file", PROPERTIES],
  };
}

function master(context: Context): DaemonPlan {
  return daemon(context, "master", "org.apache.spark.deploy.master.Master", {
    command: [
      ...["--host", `${context.prefix}-master`, "--port", String(PORTS.master)],
      ...["--webui-port", String(PORTS.masterUi)],
    ],
    conf: sorted({ ...RPC, ...QUIET }),
    port: PORTS.master,
  });
}

function worker(
  context: Context,
  { cores, memoryMiB, replicas }: { cores: number; memoryMiB: number; replicas: number },
  index?: number,
): DaemonPlan {
  const name = index === undefined ? {} : { name: `${context.prefix}-worker-${String(index).padStart(2, "0")}` };
  return daemon(context, "worker", "org.apache.spark.deploy.worker.Worker", {
    ...name,
    ...{ replicas, cores, logs: context.onHost },
    memoryMiB: DAEMON_MIB + memoryMiB + Math.max(384, Math.floor(memoryMiB * 0.4)),
    command: [
      ...["--cores", String(cores), "--memory", `${memoryMiB}m`, "--port", String(PORTS.worker)],
      ...["--webui-port", String(UI_PORTS.worker), masterUrl(context.prefix)],
    ],
    conf: sorted({ ...RPC, ...QUIET, "spark.worker.cleanup.enabled": "true" }),
    port: PORTS.worker,
  });
}

function historyServer(context: Context): DaemonPlan {
  const s3a = Object.entries(context.logs.conf).filter(([key]) => key.startsWith("spark.hadoop."));
  return daemon(context, "history", "org.apache.spark.deploy.history.HistoryServer", {
    command: [],
    conf: sorted({
      ...Object.fromEntries(s3a),
      "spark.history.fs.logDirectory": context.logs.directory ?? "",
      "spark.history.ui.port": String(PORTS.history),
      "spark.history.fs.cleaner.enabled": "true",
      "spark.history.fs.cleaner.maxAge": "90d",
    }),
    port: PORTS.history,
    logs: context.onHost,
  });
}

function logsOf({ on, store, eventLogs, sparkVersion }: StandalonePlanArgs, image: string): Context["logs"] {
  const version = sparkVersionOf(image, sparkVersion) ?? "";
  if (store !== undefined && eventLogs !== undefined) {
    const directory = eventLogDirectory(eventLogs);
    return { directory, conf: { ...s3aConf(store, version), ...eventLogConf(directory) } };
  }
  if (on === "swarm") return { conf: {} };
  const directory = `file://${LOGS_FOLDER}`;
  return { directory, conf: eventLogConf(directory) };
}

function standaloneFindings(
  args: StandalonePlanArgs,
  image: string,
  { replicas, cores }: { replicas: number; cores: number },
): string[] {
  const { on, prefix, store, eventLogs } = args;
  const findings = [
    imageFinding("image", image),
    versionFinding("sparkVersion", sparkVersionOf(image, args.sparkVersion)),
    ...(store ? [...storeFindings("store", store), connectorFinding("image", image)] : []),
    ...(eventLogs ? eventLogFindings("eventLogs", eventLogs) : []),
  ].flatMap((finding) => finding ?? []);
  if (eventLogs !== undefined && store === undefined)
    findings.push("`eventLogs` needs `store`: the object storage that has the bucket.");
  if (store !== undefined && args.hasCredentials !== true)
    findings.push("`credentials` are missing: `store` needs a key and its secret.");
  if (args.published !== undefined && on === "swarm")
    findings.push(
      "`publish` is for one host: a Swarm publishes on every address. Use a tunnel, or a proxy with a login.",
    );
  if (args.published?.ip !== undefined && !/^127(\.\d{1,3}){3}$/.test(args.published.ip))
    findings.push(
      `\`publish.ip\` must be a loopback address such as 127.0.0.1, since UIs have no login, got "${args.published.ip}".`,
    );
  if (on === "swarm" && args.history === true && eventLogs === undefined)
    findings.push("`history` on a Swarm needs `eventLogs`: a volume is of one node, and runs are on all.");
  if (!/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/.test(prefix))
    findings.push(`the name must be up to 32 lower-case letters, digits and hyphens, got "${prefix}".`);
  if (!Number.isSafeInteger(replicas) || replicas < 1 || replicas > 1000)
    findings.push(`\`workers.replicas\` must be 1 to 1000, got ${replicas}.`);
  if (!Number.isSafeInteger(cores) || cores < 1)
    findings.push(`\`workers.cores\` must be a whole number from 1, got ${cores}.`);
  return findings;
}
