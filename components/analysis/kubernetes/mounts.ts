import type { types } from "@pulumi/kubernetes";

type Volume = types.input.core.v1.Volume;
type VolumeMount = types.input.core.v1.VolumeMount;
type EnvVar = types.input.core.v1.EnvVar;
type Container = types.input.core.v1.Container;

/**
 * Software and data of a site as a pod has them: plain parts of a pod's specification, in Kubernetes' own form, for any
 * pod template to take in.
 */
export interface DataMounts {
  /** Volumes of the pod. */
  volumes: Volume[];
  /** Where each is found in a container. */
  volumeMounts: VolumeMount[];
  /** What tells a container how to use them, such as where an EOS token lies. Default: nothing. */
  env?: EnvVar[];
  /** What runs before the pod's containers or, with `restartPolicy: Always`, beside them. Default: nothing. */
  initContainers?: Container[];
}
