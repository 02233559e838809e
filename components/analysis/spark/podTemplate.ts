import type { types } from "@pulumi/kubernetes";

import type { DataMounts } from "../kubernetes/mounts";
import { type Placement, placementOf } from "../kubernetes/placement";
import { RESTRICTED_CONTAINER, restrictedPod } from "../kubernetes/security";

type PodTemplate = types.input.core.v1.PodTemplateSpec;
type EnvVar = types.input.core.v1.EnvVar;

/** The user of Apache's images (https://github.com/apache/spark-docker). */
export const SPARK_USER = 185;

/** Names by which the operator's submission tells Spark which container of a template is its own. */
export const CONTAINERS = { driver: "spark-kubernetes-driver", executor: "spark-kubernetes-executor" } as const;

/** Seconds that an executor has to hand its blocks to others; Kubernetes' own 30 end in the middle of it. */
const DECOMMISSION_SECONDS = 120;

export interface PodTemplateArgs {
  role: "driver" | "executor";
  labels: Record<string, string>;
  env: EnvVar[];
  mounts: DataMounts;
  placement: Placement;
  /** Whether it hands over its blocks before it goes. */
  decommission: boolean;
}

/**
 * The pod that Spark itself starts from. What is here needs no webhook of the operator's, whose mutations are lost
 * whenever it is not reached. Image, resources, ports and arguments are Spark's to add.
 */
export function podTemplate({ role, labels, env, mounts, placement, decommission }: PodTemplateArgs): PodTemplate {
  const variables = [...env, ...(mounts.env ?? [])];
  const { initContainers = [] } = mounts;
  return {
    metadata: { labels },
    spec: {
      ...placementOf(placement),
      // An executor talks to its driver, never to the API server.
      automountServiceAccountToken: role === "driver",
      securityContext: restrictedPod(SPARK_USER),
      ...(role === "executor" && decommission && { terminationGracePeriodSeconds: DECOMMISSION_SECONDS }),
      ...(initContainers.length > 0 && { initContainers }),
      containers: [
        {
          name: CONTAINERS[role],
          securityContext: RESTRICTED_CONTAINER,
          ...(variables.length > 0 && { env: variables }),
          ...(mounts.volumeMounts.length > 0 && { volumeMounts: mounts.volumeMounts }),
        },
      ],
      ...(mounts.volumes.length > 0 && { volumes: mounts.volumes }),
    },
  };
}
