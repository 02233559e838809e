import type { types } from "@pulumi/kubernetes";

import { recommendedLabels, selectorLabels } from "../kubernetes/labels";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/security";
import { credentialsEnv, eventLogDirectory, type EventLogs, type ObjectStore, s3aConf } from "./objectStore";
import { SPARK_USER } from "./podTemplate";
import { SPARK_PORTS } from "./policies";
import { propertiesFile, sorted } from "./sparkConf";

type DeploymentSpec = types.input.apps.v1.DeploymentSpec;
type Container = types.input.core.v1.Container;

/** What the history server is made of. */
export interface HistoryPlanArgs {
  instance: string;
  image: string;
  sparkVersion: string;
  store: ObjectStore;
  eventLogs: EventLogs;
  /** Days after which event logs go. */
  keepDays: number;
  /** MiB of heap. */
  memoryMiB: number;
}

const CONF_DIRECTORY = "/opt/spark/conf";
const CONF_FILE = "spark-defaults.conf";

export function historyPart(instance: string) {
  return { name: "spark", instance, component: "history-server" };
}

/** `spark-defaults.conf` of the history server; credentials come from the environment. */
export function historyConf(args: HistoryPlanArgs): string {
  const conf = sorted({
    ...s3aConf(args.store, args.sparkVersion),
    "spark.history.fs.logDirectory": eventLogDirectory(args.eventLogs),
    "spark.history.fs.cleaner.enabled": "true",
    "spark.history.fs.cleaner.maxAge": `${args.keepDays}d`,
    "spark.history.fs.cleaner.interval": "1d",
    "spark.history.ui.port": String(SPARK_PORTS.history),
  });
  return propertiesFile(conf);
}

/** `spec` of its Deployment; `revision` is of its configuration, so that another one is rolled out. */
export function historyDeployment(args: HistoryPlanArgs, configMap: string, revision: string): DeploymentSpec {
  const part = historyPart(args.instance);
  return {
    replicas: 1,
    // Two would clean the same folder.
    strategy: { type: "Recreate" },
    selector: { matchLabels: selectorLabels(part) },
    template: {
      metadata: {
        labels: recommendedLabels({ ...part, version: args.sparkVersion }),
        annotations: { "openstack-fabric/configuration": revision },
      },
      spec: {
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: restrictedPod(SPARK_USER),
        containers: [container(args)],
        volumes: [
          { name: "configuration", configMap: { name: configMap } },
          { name: "tmp", emptyDir: { sizeLimit: "2Gi" } },
        ],
      },
    },
  };
}

function container(args: HistoryPlanArgs): Container {
  const memory = `${args.memoryMiB + Math.max(384, Math.floor(args.memoryMiB / 10))}Mi`;
  const probe = { httpGet: { path: "/api/v1/version", port: "ui" }, periodSeconds: 10, timeoutSeconds: 5 };
  return {
    name: "history-server",
    image: args.image,
    command: ["/opt/spark/bin/spark-class", "org.apache.spark.deploy.history.HistoryServer"],
    env: [
      { name: "SPARK_CONF_DIR", value: CONF_DIRECTORY },
      { name: "SPARK_DAEMON_MEMORY", value: `${args.memoryMiB}m` },
      ...credentialsEnv(args.store),
    ],
    ports: [{ name: "ui", containerPort: SPARK_PORTS.history }],
    resources: { requests: { cpu: "250m", memory }, limits: { cpu: "2", memory } },
    // It reads the folder once before it listens, which takes minutes with many logs.
    startupProbe: { ...probe, failureThreshold: 60 },
    readinessProbe: probe,
    livenessProbe: { ...probe, failureThreshold: 6 },
    securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: true },
    volumeMounts: [
      { name: "configuration", mountPath: `${CONF_DIRECTORY}/${CONF_FILE}`, subPath: CONF_FILE, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

export const HISTORY_FILE = CONF_FILE;
