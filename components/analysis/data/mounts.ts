import type { types } from "@pulumi/kubernetes";

import { UserError } from "../../errors";
import { imageFinding } from "../kubernetes/images";
import type { DataMounts } from "../kubernetes/mounts";
import { RESTRICTED_CONTAINER } from "../kubernetes/security";

export interface CvmfsMount {
  /** Claim on the driver's class in the pod's namespace. Default `cvmfs`, as `DataVolumes` names it. */
  claim?: string;
}

/** A token or ticket by which EOS knows a pod, from a Secret that somebody keeps fresh. */
export interface EosCredential {
  kind: "oauth2" | "kerberos";
  /** Secret in the pod's namespace. */
  secret: string;
  /** Its key with the file. Default `token` or `ticket`. */
  key?: string;
  /** Image with a shell and coreutils, with a tag, such as `docker.io/library/busybox:1.37.0`. */
  image: string;
}

export interface EosMount {
  /** Claim on the driver's class in the pod's namespace. Default `eos`, as `DataVolumes` names it. */
  claim?: string;
  /** Default: none; every pod is the identity of the node's keytab. */
  credential?: EosCredential;
}

export interface DataAccess {
  cvmfs?: CvmfsMount;
  eos?: EosMount;
}

/** Names of claims that `DataVolumes` makes. */
export const CLAIMS = { cvmfs: "cvmfs", eos: "eos" } as const;

/**
 * Without it a repository that is mounted after the pod began is not seen in it, and says "Too many levels of symbolic
 * links" (https://github.com/cvmfs-contrib/cvmfs-csi/blob/v2.5.2/docs/how-to-use.md#troubleshooting).
 */
const AUTOMOUNT = { mountPropagation: "HostToContainer" };

const CREDENTIAL = "eos-credential";
const SOURCE = "/var/run/eos-credential-source";
const FOLDER = "/var/run/eos-credential";

/**
 * What a pod needs for `/cvmfs` and `/eos`; the same for drivers, executors and notebooks, but for the user whom their
 * containers run as: EOS refuses credentials that another owns.
 */
export function dataMounts({ cvmfs, eos }: DataAccess, user: number): DataMounts {
  const mounts: Required<DataMounts> = { volumes: [], volumeMounts: [], env: [], initContainers: [] };
  if (cvmfs !== undefined) {
    mounts.volumes.push(claimed("cvmfs", cvmfs.claim ?? CLAIMS.cvmfs));
    mounts.volumeMounts.push({ name: "cvmfs", mountPath: "/cvmfs", readOnly: true, ...AUTOMOUNT });
  }
  if (eos !== undefined) {
    mounts.volumes.push(claimed("eos", eos.claim ?? CLAIMS.eos));
    // Not `readOnly`: that would not reach what is mounted below it later. What may be written EOS decides.
    mounts.volumeMounts.push({ name: "eos", mountPath: "/eos", ...AUTOMOUNT });
    if (eos.credential !== undefined) addCredential(mounts, eos.credential, user);
  }
  return mounts;
}

function claimed(name: string, claimName: string): types.input.core.v1.Volume {
  return { name, persistentVolumeClaim: { claimName } };
}

/**
 * EOS takes a credential's file only from the user who asks, closed to all others, which files of a Secret are not
 * (`checkPermissions` of https://github.com/cern-eos/eos/blob/master/fusex/auth/SecurityChecker.cc). So a sidecar copies
 * it, and again whenever the Secret has changed.
 */
function addCredential(mounts: Required<DataMounts>, credential: EosCredential, user: number): void {
  const finding = imageFinding("eos.credential.image", credential.image);
  if (finding !== undefined) throw new UserError(finding);
  const oauth2 = credential.kind === "oauth2";
  const key = credential.key ?? (oauth2 ? "token" : "ticket");
  const file = `${FOLDER}/${oauth2 ? "token" : "ticket"}`;
  mounts.volumes.push(
    { name: `${CREDENTIAL}-source`, secret: { secretName: credential.secret, items: [{ key, path: key }] } },
    { name: CREDENTIAL, emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
  );
  mounts.volumeMounts.push({ name: CREDENTIAL, mountPath: FOLDER });
  // Names that eosxd reads in the environment of whoever asks (fusex/auth/UserCredentialFactory.cc).
  mounts.env.push({ name: oauth2 ? "OAUTH2_TOKEN" : "KRB5CCNAME", value: `FILE:${file}` });
  mounts.initContainers.push(copier(credential.image, user, `${SOURCE}/${key}`, file));
}

/** A sidecar in Kubernetes' sense: containers begin once it has copied for the first time, and it ends after them. */
function copier(image: string, user: number, from: string, to: string): types.input.core.v1.Container {
  // No braces of the shell's: the hub's spawner would take them for fields of its own.
  const copy = `if ! cmp -s ${from} ${to}; then cp ${from} ${to}.new && chmod 0600 ${to}.new && mv ${to}.new ${to}; fi`;
  return {
    ...{ name: CREDENTIAL, image, restartPolicy: "Always" },
    command: ["/bin/sh", "-c", `umask 077; while true; do ${copy}; sleep 15; done`],
    startupProbe: { exec: { command: ["test", "-s", to] }, periodSeconds: 1, failureThreshold: 120 },
    securityContext: {
      ...RESTRICTED_CONTAINER,
      ...{ runAsNonRoot: true, runAsUser: user, seccompProfile: { type: "RuntimeDefault" } },
    },
    resources: { requests: { cpu: "5m", memory: "8Mi" }, limits: { cpu: "50m", memory: "32Mi" } },
    volumeMounts: [
      { name: `${CREDENTIAL}-source`, mountPath: SOURCE, readOnly: true },
      { name: CREDENTIAL, mountPath: FOLDER },
    ],
  };
}
