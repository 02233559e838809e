import type { types } from "@pulumi/kubernetes";

import { imageFinding } from "../kubernetes/images";
import { nodeTerms, type Placement } from "../kubernetes/placement";

export interface Amount {
  /** What the server has for itself; the scheduler finds a node with it. */
  guarantee: number;
  /** What it may take where a node has more. Default: the guarantee. */
  limit?: number;
}

export interface HubProfile {
  /** As users see it. In place. */
  displayName: string;
  /** One line below it. Default: none. In place. */
  description?: string;
  /** Image of the server, with a tag. New servers have it. */
  image: string;
  /** Cores, such as 0.5. New servers have it. */
  cores: Amount;
  /** Memory in GiB. New servers have it. */
  memoryGiB: Amount;
  /** GPUs of NVIDIA's, whole ones. Default 0. New servers have it. */
  gpus?: number;
  /** On which nodes. Default: every node without taints. New servers have it. */
  placement?: Placement;
  /** Whether its notebooks may start Spark executors in the cluster. Default `false`. New servers have it. */
  spark?: boolean;
}

/** An entry of KubeSpawner's `profile_list`. */
export interface SpawnerProfile {
  slug: string;
  display_name: string;
  description?: string;
  default?: true;
  kubespawner_override: Record<string, unknown>;
}

/** What a profile with Spark has over one without. */
export interface SparkOverride {
  serviceAccount: string;
  environment: Record<string, unknown>;
  labels: Record<string, string>;
}

export interface ProfileChoice {
  profiles: Readonly<Record<string, HubProfile>>;
  /** Key of the profile that is chosen where a user does not choose. */
  defaultProfile: string;
  /** Profiles that only these groups of users see, by group. */
  groupProfiles?: Readonly<Record<string, readonly string[]>>;
}

const GPU = "nvidia.com/gpu";

/** Tolerations of every server: the chart's own for nodes that are set aside for users. */
export const USER_TOLERATIONS: types.input.core.v1.Toleration[] = [
  { key: "hub.jupyter.org/dedicated", operator: "Equal", value: "user", effect: "NoSchedule" },
  { key: "hub.jupyter.org_dedicated", operator: "Equal", value: "user", effect: "NoSchedule" },
];

/** KubeSpawner's list of profiles, in the order given. */
export function profileList(choice: ProfileChoice, spark?: SparkOverride): SpawnerProfile[] {
  return Object.entries(choice.profiles).map(([slug, profile]) => ({
    slug,
    display_name: profile.displayName,
    ...(profile.description !== undefined && { description: profile.description }),
    ...(slug === choice.defaultProfile && { default: true as const }),
    kubespawner_override: override(profile, spark),
  }));
}

function override(profile: HubProfile, spark: SparkOverride | undefined): Record<string, unknown> {
  const { image, cores, memoryGiB, gpus = 0, placement = {} } = profile;
  const terms = nodeTerms(placement);
  return {
    ...{ image, cpu_guarantee: cores.guarantee, cpu_limit: cores.limit ?? cores.guarantee },
    // KubeSpawner's units are binary: `G` is GiB.
    ...{ mem_guarantee: `${memoryGiB.guarantee}G`, mem_limit: `${memoryGiB.limit ?? memoryGiB.guarantee}G` },
    // Kubernetes wants the same number on both sides of what it cannot share.
    ...(gpus > 0 && { extra_resource_limits: { [GPU]: String(gpus) } }),
    ...(gpus > 0 && { extra_resource_guarantees: { [GPU]: String(gpus) } }),
    ...(terms.length > 0 && { node_affinity_required: terms }),
    // A profile's list takes the place of everybody's.
    ...(placement.tolerations !== undefined && { tolerations: [...USER_TOLERATIONS, ...placement.tolerations] }),
    ...(profile.spark === true &&
      spark !== undefined && {
        ...{ service_account: spark.serviceAccount, automount_service_account_token: true },
        ...{ environment: spark.environment, extra_labels: spark.labels },
      }),
  };
}

/** Everything that is wrong with profiles, each with its fix. */
export function profileFindings(choice: ProfileChoice, at: string, withSpark: boolean): string[] {
  const { profiles, defaultProfile, groupProfiles = {} } = choice;
  const keys = Object.keys(profiles);
  const known = keys.map((key) => `\`${key}\``).join(", ") || "none";
  const findings: string[] = [];
  if (!keys.includes(defaultProfile))
    findings.push(`\`${at}.defaultProfile\` names \`${defaultProfile}\`, which is no profile. Profiles are ${known}.`);
  for (const [group, names] of Object.entries(groupProfiles))
    for (const key of names.filter((each) => !keys.includes(each)))
      findings.push(`\`${at}.groupProfiles.${group}\` names \`${key}\`, which is no profile. Profiles are ${known}.`);
  if (Object.values(groupProfiles).some((names) => names.includes(defaultProfile)))
    findings.push(
      `\`${at}.groupProfiles\` keeps the default profile \`${defaultProfile}\` from everybody else, who would have none. Remove it there, or choose another default.`,
    );
  for (const [key, profile] of Object.entries(profiles))
    findings.push(...oneProfile(profile, `${at}.profiles.${key}`, withSpark));
  return findings;
}

function oneProfile(profile: HubProfile, field: string, withSpark: boolean): string[] {
  const { image, cores, memoryGiB, gpus = 0, spark } = profile;
  const findings = [imageFinding(`${field}.image`, image)].filter((finding) => finding !== undefined);
  findings.push(...amountFindings(`${field}.cores`, cores), ...amountFindings(`${field}.memoryGiB`, memoryGiB));
  if (!Number.isInteger(gpus) || gpus < 0)
    findings.push(`\`${field}.gpus\` must be a whole number, got ${gpus}. Kubernetes does not share one.`);
  if (spark === true && !withSpark)
    findings.push(
      `\`${field}.spark\` needs to know where executors run. Say it as \`spark\` of the hub, or remove it from the profile.`,
    );
  return findings;
}

function amountFindings(field: string, { guarantee, limit = guarantee }: Amount): string[] {
  if (!(guarantee > 0)) return [`\`${field}.guarantee\` must be more than 0, got ${guarantee}.`];
  if (limit < guarantee)
    return [
      `\`${field}.limit\` must be the guarantee (${guarantee}) or more, got ${limit}. Kubernetes refuses such a pod.`,
    ];
  return [];
}
