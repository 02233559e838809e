import { UserError } from "../../errors";
import { API_SERVER_PORTS } from "../kubernetes/networkPolicies";
import { placementOf } from "../kubernetes/placement";
import { cvmfsFindings } from "./cvmfsChecks";
import { clientPorts, renderConfigD, renderDefaultD, renderDefaultLocal } from "./cvmfsConfig";
import type { CvmfsSettings } from "./cvmfsSettings";
import { mirrored } from "./mirror";

export interface CvmfsPlan {
  install: boolean;
  values: Record<string, unknown>;
  storageClass: string;
  /** The claim of the shared cache, where one is to be made. */
  alienClaim?: { name: string; storageClass?: string; size: string };
  /** TCP ports that the driver must reach outside the cluster. */
  ports: number[];
}

/** Domain of the driver's name; what the chart calls it and what charts of others refer to. */
export const CVMFS_DRIVER = "cvmfs.csi.cern.ch";

const LOCAL_CACHE = "/cvmfs-localcache";
const ALIEN_CACHE = "/cvmfs-aliencache";
const ALIEN_CLAIM = "cvmfs-alien-cache";

/** The chart's values (cvmfs-csi 2.5.2) for a site. Throws everything that is wrong at once; `at` is the path of its fields. */
export function planCvmfs(settings: CvmfsSettings, at = "analysis.data.cvmfs"): CvmfsPlan {
  const findings = cvmfsFindings(settings, at);
  if (findings.length > 0) throw UserError.all(findings);
  const storageClass = settings.storageClass ?? "cvmfs";
  if (settings.install === false) return { install: false, values: {}, storageClass, ports: [] };
  const { alienCache, proxy = "", ownRepositories = {} } = settings;
  return {
    install: true,
    values: chartValues(settings, storageClass),
    storageClass,
    alienClaim:
      alienCache === undefined || alienCache.claim !== undefined
        ? undefined
        : { name: ALIEN_CLAIM, storageClass: alienCache.storageClass, size: alienCache.size ?? "" },
    ports: [...new Set([...clientPorts(proxy, ownRepositories), ...API_SERVER_PORTS])].sort((a, b) => a - b),
  };
}

function chartValues(settings: CvmfsSettings, storageClass: string): Record<string, unknown> {
  const { alienCache, proxy = "", repositories, clientProfile, quotaMiB = 4000 } = settings;
  return {
    automountStorageClass: { create: true, name: storageClass },
    cache: {
      local: { location: LOCAL_CACHE },
      alien: {
        enabled: alienCache !== undefined,
        location: ALIEN_CACHE,
        volumeSpec: { persistentVolumeClaim: { claimName: alienCache?.claim ?? ALIEN_CLAIM } },
      },
    },
    extraConfigMaps: {
      "cvmfs-csi-default-local": {
        "default.local": renderDefaultLocal({
          ...{ repositories, proxy, clientProfile, quotaMiB, cacheBase: LOCAL_CACHE },
          alienCache: alienCache === undefined ? undefined : ALIEN_CACHE,
        }),
      },
      "cvmfs-csi-default-d": { "90-local.conf": renderDefaultD(settings.configRepository) },
      "cvmfs-csi-config-d": renderConfigD(settings.ownRepositories ?? {}),
    },
    nodeplugin: {
      ...nodeImages(settings.imageMirror),
      ...placementOf(settings.placement ?? {}),
      priorityClassName: settings.priorityClass ?? "system-node-critical",
      prefetcher: prefetcher(settings),
    },
    controllerplugin: controllerImages(settings.imageMirror),
  };
}

function prefetcher({ prefetch = {}, imageMirror }: CvmfsSettings) {
  const jobs = Object.entries(prefetch).map(([name, { schedule, paths }]) => ({
    ...{ name, schedule },
    script: prefetchScript(paths),
  }));
  return { enabled: jobs.length > 0, ...driverImage(imageMirror), jobs };
}

/** Reads what is below the paths; a path that is not there is said in the job's log and does not keep others back. */
function prefetchScript(paths: readonly string[]): string {
  const each = paths.map((path) => `find '${path}' -type f -exec cat {} + > /dev/null || echo "not read: ${path}" >&2`);
  return `${["#!/bin/bash", ...each].join("\n")}\n`;
}

function driverImage(mirror: string | undefined) {
  return { image: { repository: mirrored("registry.cern.ch/kubernetes/cvmfs-csi", mirror) } };
}

function nodeImages(mirror: string | undefined) {
  const driver = driverImage(mirror);
  return {
    ...{ plugin: driver, automount: driver, automountReconciler: driver, singlemount: driver },
    registrar: { image: { repository: mirrored("registry.k8s.io/sig-storage/csi-node-driver-registrar", mirror) } },
  };
}

function controllerImages(mirror: string | undefined) {
  return {
    plugin: driverImage(mirror),
    provisioner: { image: { repository: mirrored("registry.k8s.io/sig-storage/csi-provisioner", mirror) } },
  };
}
