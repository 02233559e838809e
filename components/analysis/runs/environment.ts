import type { types } from "@pulumi/kubernetes";

import type { DataMounts } from "../kubernetes/mounts";
import { RESTRICTED_CONTAINER } from "../kubernetes/security";
import { imageOf } from "./checks";
import type { PlannedRun } from "./plan";
import { LOCK, MOUNT } from "./podFiles";

type Container = types.input.core.v1.Container;

/** Where the packages of an environment lie in a pod. */
export const PACKAGES = "/opt/environment";

/** Most that an environment's packages may take of a node's disk. */
const PACKAGES_LIMIT = "8Gi";

/** What lays an environment's packages over the image, before a pod's own container starts. */
export interface PodEnvironment {
  mounts: DataMounts;
  /** Variables of the container that uses it. */
  variables: Record<string, string>;
}

/** Nothing, for an analysis with an image of its own. */
export function podEnvironment({ analysis }: PlannedRun): PodEnvironment {
  const { environment } = analysis.definition;
  // A user without a home: what libraries would cache there goes to where anyone may write.
  const variables: Record<string, string> = { HOME: "/tmp", PYTHONDONTWRITEBYTECODE: "1" };
  if (environment === undefined) return { mounts: { volumes: [], volumeMounts: [] }, variables };
  const mount = { name: "environment", mountPath: PACKAGES };
  return {
    mounts: {
      initContainers: [install(imageOf(analysis.definition), mount, environment.index)],
      volumes: [{ name: "environment", emptyDir: { sizeLimit: PACKAGES_LIMIT } }],
      volumeMounts: [{ ...mount, readOnly: true }],
    },
    variables: { ...variables, PYTHONPATH: PACKAGES },
  };
}

/** Hashes decide what is accepted, wherever it comes from. */
function install(image: string, mount: { name: string; mountPath: string }, index: string | undefined): Container {
  return {
    name: "environment",
    image,
    command: ["python3", "-m", "pip", "install"],
    args: ["--require-hashes", "--no-deps", "--no-cache-dir", "--target", PACKAGES, "-r", `${MOUNT}/${LOCK}`],
    env: [{ name: "HOME", value: "/tmp" }, ...(index === undefined ? [] : [{ name: "PIP_INDEX_URL", value: index }])],
    resources: { requests: { cpu: "500m", memory: "512Mi" }, limits: { cpu: "1", memory: "1Gi" } },
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [mount, { name: "analysis", mountPath: MOUNT, readOnly: true }],
  };
}
