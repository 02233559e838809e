/** What a URN says of a resource. */
export interface UrnParts {
  stack: string;
  project: string;
  /** Types of the resource's parents and its own, outermost first. */
  types: string[];
  /** Its own type token, such as `openstack:compute/instance:Instance`. */
  type: string;
  /** Its name in the program; it may have colons, too. */
  name: string;
}

/** Takes a URN apart: `urn:pulumi:<stack>::<project>::<types>::<name>`, with `$` between types. Source: Pulumi, URNs. */
export function urnParts(urn: string): UrnParts {
  const [stack = "", project = "", chain = "", ...name] = urn.replace(/^urn:pulumi:/, "").split("::");
  const types = chain.split("$");
  return { stack, project, types, type: types.at(-1) ?? "", name: name.join("::") };
}
