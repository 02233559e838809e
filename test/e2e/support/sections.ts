import { stringify } from "yaml";

/** A stack's sections, without their namespace. */
export type Sections = Record<string, unknown>;

/** The stack's file that has them. */
export function yamlOf(sections: Sections): string {
  const config = Object.fromEntries(Object.entries(sections).map(([key, value]) => [`openstack-fabric:${key}`, value]));
  return stringify({ config });
}
