import type { Placement } from "../kubernetes/placement";
import type { CvmfsConfigRepository, CvmfsOwnRepository } from "./cvmfsConfig";

export interface CvmfsAlienCache {
  /** An existing claim in the driver's namespace, many nodes may write to. Default: one is made. */
  claim?: string;
  /** Storage class of the claim that is made; it must give ReadWriteMany, such as Manila's. REPLACES the cache. */
  storageClass?: string;
  /** Size of the claim that is made, such as `500Gi`; nothing removes what fills it. In place, upwards. */
  size?: string;
}

export interface CvmfsPrefetch {
  /** When, as five fields of cron, in the node's time. */
  schedule: string;
  /** Files and folders below `/cvmfs` that are read whole, on every node. */
  paths: string[];
}

export interface CvmfsSettings {
  /**
   * Whether to install the driver; not where the cluster came with it, as CERN's do by Magnum's label
   * `cvmfs_csi_enabled`. Default `true`.
   */
  install?: boolean;
  /** Repositories that analyses use, such as `sft.cern.ch`; others of the same domains are mounted on access too. */
  repositories: string[];
  /**
   * Proxies of the site as CVMFS writes them: groups by `;`, members by `|`, such as
   * `http://squid-1:3128|http://squid-2:3128;DIRECT`. Needed with `install`: the chart's own default answers inside
   * CERN only. `DIRECT` alone is for fewer than five nodes
   * (https://cvmfs.readthedocs.io/en/stable/cpt-quickstart.html).
   */
  proxy?: string;
  /** `single` for a few nodes that no proxy serves. Default: none. */
  clientProfile?: "single";
  /** Size of a node's own cache, in MiB, 1000 or more. Default 4000, as CVMFS's own. Not with `alienCache`. */
  quotaMiB?: number;
  /** A cache that all nodes share. CVMFS does not govern its size. Default: none. */
  alienCache?: CvmfsAlienCache;
  /** Repository with the configuration of others. Default: CERN's, which knows most. */
  configRepository?: CvmfsConfigRepository;
  /** Repositories that no other configuration knows, by name. */
  ownRepositories?: Record<string, CvmfsOwnRepository>;
  /** Jobs that read software before it is asked for, by name. */
  prefetch?: Record<string, CvmfsPrefetch>;
  /** Storage class of claims on all repositories. Default `cvmfs`. REPLACES the claims. */
  storageClass?: string;
  /** Registry that has copies of all images under their own paths. Default: where each is published. */
  imageMirror?: string;
  /** Nodes that can mount. Default: all without taints. */
  placement?: Placement;
  /** Priority class of the plug-in of nodes. Default `system-node-critical`. */
  priorityClass?: string;
}
