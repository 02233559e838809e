import type { Release } from "../releases";

/** What clusters of a driver can or cannot do, beyond being made. */
export const FEATURES = [
  "multiMaster",
  "masterResize",
  "resize",
  "zeroNodes",
  "nodeGroups",
  "nodeGroupLabels",
  "upgrade",
  "caRotation",
  "credentialRotation",
  "autoScaling",
  "autoHealing",
  "keystoneAuth",
] as const;

export type Feature = (typeof FEATURES)[number];

/** A feature in words, for messages: "… cannot <words>". */
export const FEATURE_WORDS: Readonly<Record<Feature, string>> = {
  multiMaster: "have more than one master",
  masterResize: "change its number of masters",
  resize: "be resized through the resize action",
  zeroNodes: "have no workers",
  nodeGroups: "have further node groups",
  nodeGroupLabels: "give its node groups Kubernetes labels and taints",
  upgrade: "be upgraded in place",
  caRotation: "have its certificate authority rotated",
  credentialRotation: "have its credential rotated",
  autoScaling: "scale itself",
  autoHealing: "heal itself",
  keystoneAuth: "let Keystone users log in",
};

/**
 * The microversion of Magnum's API that a feature needs, and what to do without.
 * Source: magnum/api/rest_api_version_history.rst. 1.13 (`cluster_id`) and 1.14 came with 23.0.0, after 2026.1.
 */
export const FEATURE_API: Readonly<Partial<Record<Feature, { microversion: string; instead: string }>>> = {
  caRotation: { microversion: "1.5", instead: "Make a new cluster and move the work." },
  resize: { microversion: "1.7", instead: "Change the cluster's `nodes`: it is a plain update." },
  upgrade: { microversion: "1.8", instead: "Make a second cluster of the new template and move the work." },
  nodeGroups: { microversion: "1.9", instead: "Make a cluster of its own for the other kind of nodes." },
  zeroNodes: { microversion: "1.10", instead: "Keep one worker." },
  credentialRotation: {
    microversion: "1.12",
    instead: "Make the cluster anew with another credential; keep the old one until then.",
  },
  nodeGroupLabels: {
    microversion: "1.14",
    instead:
      "Give the group a `role`: its nodes get it as label `magnum.openstack.org/role`; or label them through the Kubernetes API.",
  },
};

/** What a driver cannot do, over the releases for which that holds. */
export interface Limit {
  since?: Release;
  until?: Release;
  /** Why, with the source. */
  reason: string;
  /** The nearest thing that works. */
  instead: string;
}

/** Why something is not possible, and the nearest thing that is. */
export interface Refusal {
  reason: string;
  instead: string;
}
