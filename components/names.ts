/**
 * The longest host name a component makes: Neutron's `dns_name` and RFC 1123 allow 63 characters in a label.
 */
export const MAX_HOST_NAME = 63;

/** Who made a resource: written as Neutron tags, Nova metadata and Cinder metadata, so that it is found again. */
export interface Ownership {
  /** The stack that owns the resource, such as `openstack-fabric/production`. */
  stack: string;
}

/** The Neutron tag that marks what a stack owns. Commas are not allowed in tags, slashes are. */
export function ownerTag(stack: string): string {
  return `fabric-stack=${stack}`;
}

/** Joins name parts by hyphens, the way OpenStack's own tools name things. */
export function resourceName(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("-");
}

/** A stable two-digit key of the n-th member (counted from 1), so that names sort in order: `01`, `02`, … */
export function memberKey(index: number): string {
  return String(index).padStart(2, "0");
}
