import { imageTag } from "../kubernetes/images";

/** The Spark that operator 2.5.2 itself submits with (its image is built on this one), so that both speak the same. */
export const DEFAULT_IMAGE = "docker.io/apache/spark:4.0.4";

/** Spark's version: what is said, else what the image's tag begins with, else unknown. */
export function sparkVersionOf(image: string, said?: string): string | undefined {
  return said ?? /^\d+\.\d+\.\d+/.exec(imageTag(image) ?? "")?.[0];
}

/** What is wrong with a version, if anything. */
export function versionFinding(path: string, version: string | undefined): string | undefined {
  if (version !== undefined && /^[34]\.\d+\.\d+$/.test(version)) return undefined;
  const given = version === undefined ? "and the image's tag does not say it" : `got "${version}"`;
  return `\`${path}\` must be a version of Spark 3 or 4 such as 4.0.4, ${given}. Say which the image has.`;
}
