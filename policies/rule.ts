import type { z } from "zod";

import type { Props } from "./values";

/** What happens to a preview or update that breaks a rule: `mandatory` stops it, `advisory` warns. */
export type Level = "advisory" | "mandatory" | "disabled";

/** A resource as a rule sees it. */
export interface Resource {
  urn: string;
  /** Type token, such as `openstack:compute/instance:Instance`. */
  type: string;
  /** The resource's name in the program, not its name in the cloud. */
  name: string;
  /** Its inputs; for rules over whole stacks its outputs. */
  props: Props;
  /** Whether the engine refuses to delete it. */
  protect: boolean;
}

/** A resource of a whole stack. */
export interface StackResource extends Resource {
  /** The resources that each input comes from, by the input's name. */
  sources: Readonly<Record<string, readonly StackResource[]>>;
}

/** One violation, in words; none of them quotes a secret. */
export interface Finding {
  /** What is there: the field and its value. */
  found: string;
  allowed: string;
  fix: string;
}

/** What every rule says of itself; docs/policies.md has it as a table. */
interface Described<C> {
  /** Stable name, by which its level and configuration are set. */
  name: string;
  /** What it demands, as one sentence. */
  description: string;
  /** Where the demand comes from. */
  source: string;
  /** Level where the operator sets none. */
  level: Level;
  /** Its settings, each with a default. */
  config: z.ZodType<C>;
}

/** Judges each resource before it is made or changed, by its inputs. */
export interface ResourceRule<C> extends Described<C> {
  check(resource: Resource, config: C): Finding[];
}

/** Judges a stack as a whole at the end of a preview or update, by its outputs. */
export interface StackRule<C> extends Described<C> {
  checkStack(resources: readonly StackResource[], config: C): (Finding & { resource: StackResource })[];
}

/** A rule of either kind; its own `config` reads what its check takes. */
export type Rule = ResourceRule<unknown> | StackRule<unknown>;

/**
 * The stack itself, and components of this project: what they give out is what the program says. What a provider gives
 * back is judged where a program hands it on.
 */
export function isOfTheProgram({ type }: Pick<Resource, "type">): boolean {
  return type === "pulumi:pulumi:Stack" || type.startsWith("openstack-fabric:");
}

/** A violation as the engine shows it. */
export function messageOf(resource: Pick<Resource, "type" | "name">, { found, allowed, fix }: Finding): string {
  const kind = resource.type.split(":").at(-1) ?? resource.type;
  return `${kind} "${resource.name}": ${found}. Allowed: ${allowed}. To fix it, ${fix}.`;
}
