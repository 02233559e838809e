import { UserError } from "./errors";

/**
 * OpenStack releases in order, by the name under which their documentation is found.
 * Source: https://releases.openstack.org/
 */
export const RELEASES = [
  "rocky",
  "stein",
  "train",
  "ussuri",
  "victoria",
  "wallaby",
  "xena",
  "yoga",
  "zed",
  "2023.1",
  "2023.2",
  "2024.1",
  "2024.2",
  "2025.1",
  "2025.2",
  "2026.1",
] as const;

export type Release = (typeof RELEASES)[number];

/** Compares two releases by age: negative when `a` is older. */
export function compareReleases(a: Release, b: Release): number {
  return RELEASES.indexOf(a) - RELEASES.indexOf(b);
}

/** Checks a release's name where it does not come from a validated configuration. */
export function asRelease(text: string, field: string): Release {
  const found = RELEASES.find((release) => release === text.toLowerCase());
  if (found === undefined) {
    throw new UserError(`\`${field}\` must be an OpenStack release (${RELEASES.join(", ")}), got "${text}".`);
  }
  return found;
}
