import type { types } from "@pulumi/kubernetes";

import { UserError } from "../../errors";
import { imageFinding } from "../kubernetes/images";
import type { DataMounts } from "../kubernetes/mounts";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/security";

export interface CanarySubject {
  /** Repositories of CVMFS, such as `sft.cern.ch`. */
  repositories?: readonly string[];
  /** Folders below `/eos`, such as `experiment`. */
  instances?: readonly string[];
  /** A file instead of the first one found, by repository or instance, such as `sft.cern.ch: README`. */
  files?: Readonly<Record<string, string>>;
}

export interface CanaryPod {
  /** Image with Python 3.9 or later, with a tag. */
  image: string;
  /** Seconds for each mount; the first access fills caches. */
  timeout: number;
  /** User of the pod. */
  user: number;
  mounts: DataMounts;
  labels: Record<string, string>;
  /** Of the code: other code runs it again. */
  checksum: string;
  serviceAccount?: string;
}

/** Where the canary's code lies in a pod. */
export const CANARY_FOLDER = "/opt/canary";
const CODE: types.input.core.v1.VolumeMount = { name: "canary", mountPath: CANARY_FOLDER, readOnly: true };
const RESOURCES = { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } };

/** Paths that must be readable. Throws when there are none, or a file is named of something else. */
export function canaryPaths({ repositories = [], instances = [], files = {} }: CanarySubject): string[] {
  const known = [...repositories, ...instances];
  const findings = Object.keys(files)
    .filter((key) => !known.includes(key))
    .map(
      (key) => `\`canary.files.${key}\` is of no mount. Known are ${known.map((mount) => `\`${mount}\``).join(", ")}.`,
    );
  if (known.length === 0) findings.push("The canary has nothing to read: there is neither CVMFS nor EOS. Remove it.");
  if (findings.length > 0) throw UserError.all(findings);
  const below = (root: string) => (key: string) =>
    [root, key, files[key]?.replace(/^\/+/, "")].filter((part) => part !== undefined).join("/");
  return [...repositories.map(below("/cvmfs")), ...instances.map(below("/eos"))];
}

/** Arguments of `canary.py`. */
export function canaryArguments(paths: readonly string[], timeout: number, executors = 0): string[] {
  const spark = executors === 0 ? [] : ["--executors", String(executors)];
  return [...paths.flatMap((path) => ["--read", path]), "--timeout", String(timeout), ...spark];
}

/** The pod of a Job that reads the mounts as any analysis would. */
export function canaryPod(
  pod: CanaryPod,
  configMap: string,
  paths: readonly string[],
): types.input.core.v1.PodTemplateSpec {
  const finding = imageFinding("canary.image", pod.image);
  if (finding !== undefined) throw new UserError(finding);
  const { mounts } = pod;
  return {
    metadata: { labels: pod.labels, annotations: checksum(pod) },
    spec: {
      restartPolicy: "Never",
      serviceAccountName: pod.serviceAccount,
      automountServiceAccountToken: false,
      securityContext: restrictedPod(pod.user),
      initContainers: mounts.initContainers,
      containers: [
        {
          ...{ name: "canary", image: pod.image, env: mounts.env, resources: RESOURCES },
          command: ["python3", `${CANARY_FOLDER}/canary.py`, ...canaryArguments(paths, pod.timeout)],
          securityContext: { ...RESTRICTED_CONTAINER, readOnlyRootFilesystem: true },
          volumeMounts: [...mounts.volumeMounts, CODE],
        },
      ],
      volumes: [...mounts.volumes, { name: "canary", configMap: { name: configMap } }],
    },
  };
}

/** A Job's specification: one try, since a mount that is sometimes there is not there. */
export function canaryJob(template: types.input.core.v1.PodTemplateSpec): types.input.batch.v1.JobSpec {
  return { backoffLimit: 0, activeDeadlineSeconds: 1800, template };
}

export interface SparkCanary {
  /** Image of Spark, with a tag. */
  image: string;
  sparkVersion: string;
  /** Executors that must all read. */
  executors: number;
  timeout: number;
  user: number;
  serviceAccount: string;
  mounts: DataMounts;
  labels: Record<string, string>;
  /** Of the code: other code runs it again. */
  checksum: string;
  /** Spark's settings beside the canary's own. */
  sparkConf?: Readonly<Record<string, string>>;
}

/** A SparkApplication's specification (sparkoperator.k8s.io/v1beta2); the mounts are in pod templates, which no webhook can lose. */
export function sparkCanarySpec(canary: SparkCanary, configMap: string, paths: readonly string[]) {
  const finding = imageFinding("canary.spark.image", canary.image);
  if (finding !== undefined) throw new UserError(finding);
  return {
    ...{ type: "Python", pythonVersion: "3", mode: "cluster", image: canary.image },
    sparkVersion: canary.sparkVersion,
    mainApplicationFile: `local://${CANARY_FOLDER}/canary.py`,
    arguments: canaryArguments(paths, canary.timeout, canary.executors),
    // All executors must be there at once, so their number may not change.
    sparkConf: { ...canary.sparkConf, "spark.dynamicAllocation.enabled": "false", "spark.executor.cores": "1" },
    restartPolicy: { type: "Never" },
    driver: {
      ...{ cores: 1, memory: "512m", serviceAccount: canary.serviceAccount, labels: canary.labels },
      annotations: checksum(canary),
      template: sparkPod("spark-kubernetes-driver", canary, configMap),
    },
    executor: {
      ...{ cores: 1, memory: "512m", instances: canary.executors, labels: canary.labels },
      template: sparkPod("spark-kubernetes-executor", canary, configMap),
    },
  };
}

function checksum({ checksum: sum }: { checksum: string }) {
  return { "checksum/canary": sum };
}

function sparkPod(container: string, { mounts, user }: SparkCanary, configMap: string) {
  return {
    spec: {
      securityContext: restrictedPod(user),
      initContainers: mounts.initContainers,
      containers: [
        {
          ...{ name: container, env: mounts.env, securityContext: RESTRICTED_CONTAINER },
          volumeMounts: [...mounts.volumeMounts, CODE],
        },
      ],
      volumes: [...mounts.volumes, { name: "canary", configMap: { name: configMap } }],
    },
  };
}
