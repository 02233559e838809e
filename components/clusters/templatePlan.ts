import { createHash } from "node:crypto";

import { UserError } from "../errors";
import { resourceName } from "../names";
import { compareReleases, type Release } from "../releases";

/** Orchestration engines that Magnum had or has. */
export const ENGINES = ["kubernetes", "swarm", "swarm-mode", "mesos"] as const;
export type Engine = (typeof ENGINES)[number];

/**
 * The last release whose Magnum creates an engine. Source: Magnum's release notes: mesos refused from 14.0.0 (Yoga),
 * swarm removed in 18.0.0 (2024.1). Kubernetes lives.
 */
const LAST_RELEASE: Partial<Record<Engine, Release>> = { mesos: "xena", swarm: "2023.2", "swarm-mode": "2023.2" };

/** Everything that makes a cluster template; two equal specifications are the same template. */
export interface TemplateSpec {
  engine: Engine;
  image: string;
  flavor: string;
  masterFlavor: string;
  networkDriver?: string;
  volumeDriver?: string;
  dockerVolumeSize?: number;
  masterLoadBalancer: boolean;
  floatingIps: boolean;
  labels: Readonly<Record<string, string>>;
}

export interface TemplatePlan extends TemplateSpec {
  /** Name in Magnum; carries a hash of the content, because a template in use cannot be changed. */
  name: string;
}

/** Plans a template, and refuses an engine that the cloud's release no longer has. */
export function planTemplate(prefix: string, key: string, spec: TemplateSpec, release: Release): TemplatePlan {
  const last = LAST_RELEASE[spec.engine];
  if (last !== undefined && compareReleases(release, last) > 0) {
    throw new UserError(
      `\`clusters.templates.${key}.engine\` "${spec.engine}" cannot be created by Magnum of ${release}; ` +
        `the last release that had it is ${last}. Take "kubernetes".`,
    );
  }
  return { ...spec, name: resourceName(prefix, key, contentHash(spec)) };
}

/** Eight hexadecimal digits over the specification, independent of the order of its keys. */
export function contentHash(spec: TemplateSpec): string {
  return createHash("sha256")
    .update(JSON.stringify(sortKeys(spec)))
    .digest("hex")
    .slice(0, 8);
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sortKeys(entry)]),
  );
}
