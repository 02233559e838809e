import type { Placement } from "../kubernetes/placement";

export interface EosInstance {
  /** Host of its manager (MGM), with its port where it is not 1094, such as `eospublic.cern.ch`. */
  host: string;
  /** Folder on it that is mounted, such as `/eos/experiment/`. Default `/eos/<key>/`. */
  path?: string;
}

/** How the node's client proves to EOS on whose behalf it comes. */
export const EOS_LOGINS = ["keytab", "oauth2", "kerberos"] as const;
export type EosLogin = (typeof EOS_LOGINS)[number];

export interface EosSettings {
  /**
   * Whether to install the driver; not where the cluster came with it, as CERN's do by Magnum's label `eos_enabled`.
   * Default `true`.
   */
  install?: boolean;
  /** What is mounted below `/eos`, by the folder's name there, such as `experiment`. */
  instances: Record<string, EosInstance>;
  /**
   * `keytab`: every pod is the identity of the node's keytab; `oauth2`: a pod is who its token says, and without
   * one the keytab's; `kerberos`: a pod is who its ticket says. Default `keytab`.
   */
  login?: EosLogin;
  /**
   * Secret in the driver's namespace that has the node's keytab as `eos.keytab`; with `keytab` and `oauth2`, outside
   * CERN. Default: the chart's, with which CERN's instances take a client for `eosnobody`.
   */
  keytabSecret?: string;
  /** Kerberos' configuration, in `/etc/krb5.conf.d`. Default: the chart's. */
  krb5?: string;
  /** Storage class of claims on all instances. Default `eos`. REPLACES the claims. */
  storageClass?: string;
  /** Registry that has copies of all images under their own paths. Default: where each is published. */
  imageMirror?: string;
  /** Nodes that can mount. Default: all without taints. */
  placement?: Placement;
  /** Priority class of the plug-in of nodes. Default `system-node-critical`. */
  priorityClass?: string;
}
