import type { types } from "@pulumi/kubernetes";

import { imageFinding } from "../kubernetes/images";
import type { DataMounts } from "../kubernetes/mounts";
import { API_SERVER_PORTS, named } from "../kubernetes/networkPolicies";
import { type Placement, placementOf } from "../kubernetes/placement";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/security";
import { SPARK_USER } from "../spark/podTemplate";
import type { SparkOverride } from "./profiles";

type PolicySpec = types.input.networking.v1.NetworkPolicySpec;

export interface HubSpark {
  /** Image of executors, with a tag; its Spark and Python must be those of the profiles' images. New sessions have it. */
  image: string;
  /** Executors that a session may have at once. Default 10. New sessions have it. */
  maxExecutors?: number;
  /** Spark's properties of every session, such as sizes and object storage. New sessions have them. */
  conf?: Record<string, string>;
  /** On which nodes executors run. Default: every node without taints. New sessions have it. */
  placement?: Placement;
  /** User of executors' containers. Default 185, as in Apache's images. New sessions have it. */
  user?: number;
  /** TCP ports that executors may reach outside the cluster, such as those of object storage. Default 443. In place. */
  dataPorts?: number[];
  /** Quota of the executors' namespace, such as `limits.cpu: "200"`. Default: none. In place. */
  quota?: Record<string, string>;
}

/**
 * A notebook is the driver of its session, in client mode. Executors run in a namespace of their own: whoever may make
 * pods beside the hub could make one that reads the hub's secrets.
 */
export interface SessionPlan {
  /** Files in the folder that `SPARK_CONF_DIR` names. */
  files: Record<string, string>;
  override: SparkOverride;
  /** Policies of the executors' namespace, by name. */
  executorPolicies: Record<string, PolicySpec>;
  /** Rules that the notebooks' own policy gets. */
  notebook: { ingress: unknown[]; egress: unknown[] };
}

export const SPARK_CONFIG = "notebook-spark";
export const SPARK_FOLDER = "/opt/notebook-spark";
export const SPARK_ACCOUNT = "notebook-spark";

/** Spark tries as many ports after the first one: so many sessions a notebook server may have at once, and one more. */
const RETRIES = 16;
/** Where executors find the driver, and everybody the others' blocks. */
const DRIVER_PORT = 29_000;
const BLOCK_PORT = 29_100;

const EXECUTOR = { matchLabels: { "spark-role": "executor" } };
/** A label of our own: the chart's are on every server. */
const NOTEBOOK_LABELS = { "openstack-fabric/spark-driver": "true" };
const NOTEBOOK = { matchLabels: NOTEBOOK_LABELS };

export function planSession(
  spark: HubSpark,
  namespaces: { hub: string; executors: string },
  mountsOf: (user: number) => DataMounts,
): SessionPlan {
  return {
    files: {
      "spark-defaults.conf": properties(sessionConf(spark, namespaces.executors)),
      // JSON is YAML too.
      "executor.yaml": `${JSON.stringify(executorPod(spark, mountsOf(spark.user ?? SPARK_USER)), undefined, 2)}\n`,
    },
    override: { serviceAccount: SPARK_ACCOUNT, environment: environment(), labels: NOTEBOOK_LABELS },
    executorPolicies: executorPolicies(spark, namespaces.hub),
    notebook: {
      ingress: [{ from: [from(namespaces.executors, EXECUTOR)], ports: [range(DRIVER_PORT), range(BLOCK_PORT)] }],
      egress: [
        { to: [from(namespaces.executors, EXECUTOR)], ports: [range(BLOCK_PORT)] },
        { ports: API_SERVER_PORTS.map((port) => ({ protocol: "TCP", port })) },
      ],
    },
  };
}

function sessionConf({ image, maxExecutors = 10, conf = {} }: HubSpark, namespace: string): Record<string, string> {
  return {
    // A session that nobody uses gives its executors back.
    "spark.dynamicAllocation.enabled": "true",
    "spark.dynamicAllocation.shuffleTracking.enabled": "true",
    "spark.dynamicAllocation.maxExecutors": String(maxExecutors),
    "spark.dynamicAllocation.executorIdleTimeout": "120s",
    "spark.dynamicAllocation.cachedExecutorIdleTimeout": "30min",
    ...conf,
    "spark.master": "k8s://https://kubernetes.default.svc",
    "spark.submit.deployMode": "client",
    "spark.kubernetes.namespace": namespace,
    "spark.kubernetes.container.image": image,
    "spark.kubernetes.executor.podTemplateFile": `${SPARK_FOLDER}/executor.yaml`,
    "spark.kubernetes.executor.podTemplateContainerName": "spark-kubernetes-executor",
    "spark.driver.bindAddress": "0.0.0.0",
    "spark.driver.port": String(DRIVER_PORT),
    "spark.driver.blockManager.port": String(BLOCK_PORT),
    "spark.blockManager.port": String(BLOCK_PORT),
    "spark.port.maxRetries": String(RETRIES),
  };
}

/** As Spark reads `spark-defaults.conf`. */
function properties(conf: Record<string, string>): string {
  return Object.entries(conf)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key} ${value}\n`)
    .join("");
}

/**
 * The pod's address, by which executors call back, is known in the pod only, and `spark-defaults.conf` expands nothing;
 * so it is an argument of PySpark's. Kubernetes expands `$(…)` of what stands before it, and KubeSpawner orders it so.
 */
function environment(): Record<string, unknown> {
  return {
    POD_IP: { valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
    SPARK_CONF_DIR: SPARK_FOLDER,
    PYSPARK_SUBMIT_ARGS: "--conf spark.driver.host=$(POD_IP) pyspark-shell",
  };
}

function executorPod({ user = SPARK_USER, placement = {} }: HubSpark, mounts: DataMounts) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      labels: { "app.kubernetes.io/component": "notebook-executor", "app.kubernetes.io/part-of": "openstack-fabric" },
    },
    spec: {
      ...placementOf(placement),
      automountServiceAccountToken: false,
      securityContext: restrictedPod(user),
      ...(mounts.initContainers?.length && { initContainers: mounts.initContainers }),
      containers: [
        {
          ...{ name: "spark-kubernetes-executor", securityContext: RESTRICTED_CONTAINER },
          ...(mounts.env?.length && { env: mounts.env }),
          volumeMounts: mounts.volumeMounts,
        },
      ],
      volumes: mounts.volumes,
    },
  };
}

function executorPolicies({ dataPorts = [443] }: HubSpark, hub: string): Record<string, PolicySpec> {
  const notebooks = from(hub, NOTEBOOK);
  const own = { podSelector: EXECUTOR };
  return {
    "executors-and-drivers": {
      ...own,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [notebooks, own], ports: [range(BLOCK_PORT)] }],
      egress: [
        { to: [notebooks], ports: [range(DRIVER_PORT), range(BLOCK_PORT)] },
        { to: [own], ports: [range(BLOCK_PORT)] },
      ],
    },
    ...(dataPorts.length > 0 && {
      "executors-to-data": {
        ...own,
        policyTypes: ["Egress"],
        egress: [{ ports: dataPorts.map((port) => ({ protocol: "TCP", port })) }],
      },
    }),
  };
}

function from(namespace: string, podSelector: { matchLabels: Record<string, string> }) {
  return { namespaceSelector: named(namespace), podSelector };
}

function range(first: number) {
  return { protocol: "TCP", port: first, endPort: first + RETRIES };
}

/** What a session decides itself. */
const OWN =
  /^spark\.(master|submit\.deployMode|driver\.(host|bindAddress|port|blockManager\.port)|blockManager\.port|port\.maxRetries|kubernetes\.(namespace|container\.image|executor\.podTemplate\w+))$/;

/** Everything that is wrong with Spark's part, each with its fix. */
export function sparkFindings({ image, maxExecutors, conf = {} }: HubSpark, at: string): string[] {
  const findings = [imageFinding(`${at}.image`, image)].filter((finding) => finding !== undefined);
  if (maxExecutors !== undefined && (!Number.isInteger(maxExecutors) || maxExecutors < 1))
    findings.push(`\`${at}.maxExecutors\` must be a whole number from 1 on, got ${maxExecutors}.`);
  for (const key of Object.keys(conf).filter((each) => OWN.test(each)))
    findings.push(`\`${at}.conf.${key}\` is decided by the hub, which opens these ports and namespaces. Remove it.`);
  const allocation = "spark.dynamicAllocation";
  const off = conf[`${allocation}.enabled`] === "false";
  if (!off && conf[`${allocation}.shuffleTracking.enabled`] === "false")
    findings.push(
      `\`${at}.conf\` has dynamic allocation without shuffle tracking, and Kubernetes has no shuffle service: executors that go take results with them. Leave \`${allocation}.shuffleTracking.enabled\` on, or set \`${allocation}.enabled: "false"\`.`,
    );
  return findings;
}
