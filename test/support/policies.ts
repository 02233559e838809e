import type { Finding, Resource, ResourceRule, StackResource, StackRule } from "../../policies/rule";
import type { Props } from "../../policies/values";

const STACK = "urn:pulumi:prod::openstack-fabric";

/** A resource of the stack `openstack-fabric/prod`. */
export function resource(type: string, props: Props, over: Partial<Resource> = {}): Resource {
  const name = over.name ?? "it";
  return { urn: `${STACK}::${type}::${name}`, type, name, props, protect: false, ...over };
}

export function stackResource(
  type: string,
  name: string,
  props: Props,
  sources: StackResource["sources"] = {},
): StackResource {
  return { ...resource(type, props, { name }), sources };
}

/** What a rule finds in one resource; settings that are not given have their defaults. */
export function findings<C>(rule: ResourceRule<C>, judged: Resource, settings: object = {}): Finding[] {
  return rule.check(judged, rule.config.parse(settings));
}

export function stackFindings<C>(rule: StackRule<C>, judged: readonly StackResource[], settings: object = {}) {
  return rule.checkStack(judged, rule.config.parse(settings));
}
