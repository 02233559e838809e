import { newTopic } from "../topic";
import { transportOf } from "../transports/registry";
import { type PatternName, PATTERNS, type Target } from "../transports/transport";
import { absentListener } from "./absentListener";
import { absentServer } from "./absentServer";
import { backPressure } from "./backPressure";
import { crash } from "./crash";
import { exactlyOnce } from "./exactlyOnce";
import { nothingStale } from "./nothingStale";
import { orderPerSender } from "./orderPerSender";
import type { ControlledMember, PatternPromise, Verdict } from "./promise";
import { reconnect } from "./reconnect";
import { restart } from "./restart";

/** Every promise, in the order in which they are tried. */
export const PROMISES: readonly PatternPromise[] = [
  ...[absentServer, nothingStale, exactlyOnce, orderPerSender, absentListener, backPressure],
  // The worst last: some do not recover from it.
  ...[reconnect, restart, crash],
];

/** A row of the report. */
export interface Finding extends Verdict {
  target: string;
  pattern: PatternName;
  promise: string;
  text: string;
}

/** A pattern that the transport cannot carry, with the reason. */
export interface Refusal {
  target: string;
  pattern: PatternName;
  reason: string;
}

export interface Conformance {
  findings: Finding[];
  refusals: Refusal[];
}

export interface ConformOptions {
  /** Default: all. */
  patterns?: readonly PatternName[];
  /** Only promises of these names. Default: all. */
  promises?: readonly string[];
  members?: readonly ControlledMember[];
  progress?: (text: string) => void;
}

/** Puts every promise of every pattern that a transport carries to the test. */
export async function conform(target: Target, options: ConformOptions = {}): Promise<Conformance> {
  const { patterns = PATTERNS, promises, progress } = options;
  const carried = transportOf(target).patterns(target);
  const found: Conformance = { findings: [], refusals: [] };
  for (const pattern of patterns) {
    const how = carried[pattern];
    if (typeof how !== "string") found.refusals.push({ target: target.name, pattern, reason: how.refused });
  }
  for (const promise of PROMISES) {
    if (promises !== undefined && !promises.includes(promise.id)) continue;
    for (const pattern of patterns) {
      if (typeof carried[pattern] !== "string" || !promise.patterns.includes(pattern)) continue;
      progress?.(`${target.name}, ${pattern}: ${promise.id}`);
      found.findings.push(await judge(promise, target, pattern, options.members ?? []));
    }
  }
  return found;
}

async function judge(
  promise: PatternPromise,
  target: Target,
  pattern: PatternName,
  members: readonly ControlledMember[],
): Promise<Finding> {
  const transport = transportOf(target);
  const topics: string[] = [];
  const topic = () => {
    const name = newTopic();
    topics.push(name);
    return name;
  };
  const row = { target: target.name, pattern, promise: promise.id, text: promise.text };
  try {
    return { ...row, ...(await promise.judge({ target, transport, pattern, members, topic })) };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { ...row, outcome: "broken", evidence: `it could not be tried to its end: ${reason}` };
  } finally {
    for (const name of topics) await transport.remove?.(target, pattern, name).catch(() => undefined);
  }
}
