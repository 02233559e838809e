import { urnParts } from "../../components/urn";
import { MASK } from "./mask";
import type { Operation, PropertyDiff } from "./model";
import type { ResourceState, Step } from "./preview";
import { kindOf } from "./urn";

/** What a whole preview does, as far as it explains single changes. */
export interface Context {
  operations: ReadonlyMap<string, Operation | "same">;
  /** Resources that the program no longer has, components included. */
  gone: ReadonlySet<string>;
  /** The parents of resources, by their URNs. */
  parents: ReadonlyMap<string, string>;
}

/** A masked value, as it is shown. */
const SECRET = JSON.stringify(MASK);

/** A cause is one line; the whole value is among the properties. */
const LONGEST = 72;

/** More of them say no more. */
const MOST = 4;

/** Why a resource is replaced, and the replaced or new resource that it comes from, if it comes from one. */
export interface Explanation {
  causes: string[];
  source?: string;
}

/** Why a resource is replaced: the inputs, with what they depend on, or what else the engine said. */
export function replacementCauses(step: Step, diff: readonly PropertyDiff[], context: Context): Explanation {
  // `id` is what the engine names when it was only asked to.
  const inputs = diff.filter(({ replaces, path }) => replaces && path !== "id");
  if (inputs.length > 0) {
    const explained = inputs.map((one) => inputCause(one, step.newState, context));
    return {
      causes: limited(explained.map(({ text }) => text)),
      source: explained.find(({ source }) => source)?.source,
    };
  }
  const [source] = replaced([...(step.newState?.dependencies ?? []), ...(step.oldState?.dependencies ?? [])], context);
  if (source !== undefined)
    return { causes: [`it depends on ${named(source)}, which is ${madeBy(source, context)}`], source };
  if (diff.some(({ path }) => path !== "id")) return { causes: ["the provider says so, and names no input"] };
  return { causes: ["no input changes: it was asked for (`--replace`), or is marked as broken"] };
}

function inputCause({ path, old, new: made }: PropertyDiff, state: Step["newState"], context: Context) {
  const value = old === made ? "changes" : `changes: ${quoted(old)} → ${quoted(made)}`;
  const [property = path] = path.split(/[.[]/);
  const [source] = replaced(state?.propertyDependencies?.[property] ?? [], context);
  const since = source === undefined ? "" : `, since ${named(source)} is ${madeBy(source, context)}`;
  return { text: `\`${path}\` ${old === made && old === SECRET ? "changes, which is secret" : value}${since}`, source };
}

function madeBy(urn: string, { operations }: Context): string {
  return operations.get(urn) === "create" ? "new" : "replaced";
}

function quoted(value: string | undefined): string {
  if (value === undefined) return "nothing";
  const [start, rest] = [[...value].slice(0, LONGEST).join(""), [...value].length > LONGEST];
  return `\`${start}${rest ? "…" : ""}\``;
}

/** Those of some resources that this update makes anew; replaced ones first, in order. */
function replaced(urns: readonly string[], { operations }: Context): string[] {
  const of = (operation: Operation) => [...new Set(urns)].filter((urn) => operations.get(urn) === operation).sort();
  return [...of("replace"), ...of("create")];
}

/** Why a resource is deleted: with what it left the program. */
export function deletionCauses({ urn }: Step, context: Context): string[] {
  let top = urn;
  for (let parent = context.parents.get(urn); parent !== undefined; parent = context.parents.get(parent)) {
    if (context.gone.has(parent)) top = parent;
  }
  if (kindOf(urnParts(top).type) === "Stack") return ["the whole stack is destroyed"];
  return [
    top === urn ? "the program no longer has it" : `the program no longer has ${named(top)}, which it is part of`,
  ];
}

/** What the first of a chain of replacements comes from, where that is not what the resource itself depends on. */
export function rootCause(source: string | undefined, explained: ReadonlyMap<string, Explanation>): string | undefined {
  const seen = new Set<string>();
  let root = source;
  for (let next = root; next !== undefined && !seen.has(next); next = explained.get(next)?.source) {
    seen.add(next);
    root = next;
  }
  const [cause] = (root !== source && root !== undefined && explained.get(root)?.causes) || [];
  return cause === undefined || root === undefined ? undefined : `all of it begins with ${named(root)}: ${cause}`;
}

/** What is said of a resource in a sentence: kind and name. */
export function named(urn: string): string {
  const { type, name } = urnParts(urn);
  return `${kindOf(type)} \`${name}\``;
}

function limited(causes: readonly string[]): string[] {
  if (causes.length <= MOST) return [...causes];
  return [...causes.slice(0, MOST), `${causes.length - MOST} more inputs change`];
}

/** A resource's parents, by what its states say. */
export function parentOf({ oldState, newState }: { oldState?: ResourceState | null; newState?: ResourceState | null }) {
  return newState?.parent ?? oldState?.parent;
}
