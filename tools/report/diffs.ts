import { structuredPatch } from "diff";

import type { PropertyDiff } from "./change";
import type { Step } from "./preview";
import { plain, textOf, valueAt } from "./values";

/** The properties that differ, in order of their paths; what a provider only notes for itself is left out. */
export function diffsOf(step: Step, secrets: readonly string[]): PropertyDiff[] {
  return differing(step)
    .map(({ path, replaces, inputDiff }) => {
      const before = oldValue(step, path, inputDiff);
      return diffOf(path, plain(before, secrets), plain(valueAt(step.newState?.inputs, path), secrets), replaces);
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What the cloud has otherwise than the state says. */
export function driftOf({ oldState, newState }: Step, secrets: readonly string[]): PropertyDiff[] {
  const [before, after] = [oldState?.outputs ?? {}, newState?.outputs ?? {}];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .filter((key) => !key.startsWith("__"))
    .map((path) => diffOf(path, plain(before[path], secrets), plain(after[path], secrets), false))
    .filter(({ before: old, after: now, lines }) => (lines === undefined ? old !== now : lines.length > 0))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Providers that say nothing in detail name the properties only. */
function differing({ detailedDiff, diffReasons, replaceReasons, oldState, newState }: Step) {
  const detailed = Object.entries(detailedDiff ?? {});
  if (detailed.length > 0)
    return detailed
      .filter(([path]) => !path.startsWith("__"))
      .map(([path, { kind, inputDiff }]) => ({ path, replaces: kind.endsWith("replace"), inputDiff }));
  const replacing = new Set(replaceReasons ?? []);
  const named = new Set([...(diffReasons ?? []), ...replacing]);
  const compared =
    named.size > 0 || oldState == null || newState == null ? [...named] : changedInputs(oldState, newState);
  return compared.map((path) => ({ path, replaces: replacing.has(path), inputDiff: true }));
}

function changedInputs(before: NonNullable<Step["oldState"]>, after: NonNullable<Step["newState"]>): string[] {
  const keys = new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs)]);
  return [...keys].filter((key) => {
    const [old, now] = [before.inputs[key], after.inputs[key]].map((value) => JSON.stringify(plain(value, [])));
    return !key.startsWith("__") && old !== now;
  });
}

/** A path is compared with what was given, or with what the provider has read since. */
function oldValue({ oldState }: Step, path: string, inputDiff = false): unknown {
  const [first, second] = inputDiff ? [oldState?.inputs, oldState?.outputs] : [oldState?.outputs, oldState?.inputs];
  return valueAt(first, path) ?? valueAt(second, path);
}

function diffOf(path: string, before: unknown, after: unknown, replaces: boolean): PropertyDiff {
  const [old, now] = [textOf(before), textOf(after)];
  if (old === undefined || now === undefined || !(old.includes("\n") || now.includes("\n")))
    return { path, before: old, after: now, replaces };
  const { hunks } = structuredPatch(path, path, old, now, undefined, undefined, { context: 2 });
  const lines = hunks.flatMap(({ oldStart, newStart, lines }) => [`@@ -${oldStart} +${newStart} @@`, ...lines]);
  return { path, lines, replaces };
}
