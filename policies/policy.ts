import type {
  Policy,
  PolicyConfigSchema,
  PolicyResource,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";

import { messageOf, type Resource, type ResourceRule, type Rule, type StackResource, type StackRule } from "./rule";
import { propsOf } from "./wire";

/** A rule as CrossGuard takes it. */
export function policyOf(rule: Rule): ResourceValidationPolicy | StackValidationPolicy {
  const { name, description, level } = rule;
  const described: Policy = { name, description, enforcementLevel: level, configSchema: configSchemaOf(rule) };
  return "check" in rule ? resourcePolicy(described, rule) : stackPolicy(described, rule);
}

function resourcePolicy(described: Policy, rule: ResourceRule<unknown>): ResourceValidationPolicy {
  return {
    ...described,
    validateResource(args, report) {
      const resource = read(args);
      const config = rule.config.parse(args.getConfig());
      for (const finding of rule.check(resource, config)) report(messageOf(resource, finding));
    },
  };
}

function stackPolicy(described: Policy, rule: StackRule<unknown>): StackValidationPolicy {
  return {
    ...described,
    validateStack(args, report) {
      const config = rule.config.parse(args.getConfig());
      for (const { resource, ...finding } of rule.checkStack(readStack(args.resources), config)) {
        report(messageOf(resource, finding), resource.urn);
      }
    },
  };
}

/** The settings as JSON Schema. The engine checks a configuration by it before anything runs. */
function configSchemaOf({ config }: Rule): PolicyConfigSchema {
  const { properties = {} } = z.toJSONSchema(config, { io: "input", target: "draft-7" });
  return { properties: properties as PolicyConfigSchema["properties"] };
}

interface Read {
  urn: string;
  type: string;
  name: string;
  props: Record<PropertyKey, unknown>;
  opts: { protect: boolean };
}

function read({ urn, type, name, props, opts }: Read): Resource {
  return { urn, type, name, props: propsOf(props), protect: opts.protect };
}

/** Every resource once, with its sources; these are looked up when a rule asks, since they may form circles. */
function readStack(resources: readonly PolicyResource[]): StackResource[] {
  const byUrn = new Map<string, StackResource>();
  for (const resource of resources) {
    const sources = Object.entries(resource.propertyDependencies).map(
      ([key, list]) => [key, { enumerable: true, get: () => list.flatMap(({ urn }) => byUrn.get(urn) ?? []) }] as const,
    );
    byUrn.set(resource.urn, {
      ...read(resource),
      sources: Object.defineProperties({}, Object.fromEntries(sources)),
    });
  }
  return [...byUrn.values()];
}
