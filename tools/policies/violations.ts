import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CHECKOUT } from "../workspace/workspace";

/** The policy pack of this checkout, as `--policy-pack` takes it. */
const PACK = join(CHECKOUT, "policies");

/** One violation, as the engine reports it. */
export interface Violation {
  rule: string;
  level: string;
  /** URN of the resource; for the stack as a whole that of the stack. */
  urn: string;
  message: string;
}

/** What runs the engine: with flags for `preview` or `up`, and environment. Gives whatever it finds out itself. */
type RunEngine<T> = (flags: string[], env: Record<string, string>) => Promise<T>;

/**
 * Runs the engine with the pack and gives what was violated. It is read from the engine's own log of events, not from what
 * it prints: that is for people, and changes. `config` is a file for `--policy-pack-config`.
 */
export async function withPack<T>(run: RunEngine<T>, config?: string): Promise<{ result: T; violations: Violation[] }> {
  const dir = mkdtempSync(join(tmpdir(), "fabric-policies-"));
  const log = join(dir, "events");
  const given = config === undefined ? [] : ["--policy-pack-config", config];
  try {
    // The engine has `--event-log` only where its commands for debugging are asked for.
    const flags = ["--policy-pack", PACK, ...given, "--event-log", log];
    const result = await run(flags, { PULUMI_DEBUG_COMMANDS: "1" });
    return { result, violations: existsSync(log) ? readViolations(readFileSync(log, "utf8")) : [] };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface EngineEvent {
  policyEvent?: { resourceUrn?: string; message: string; policyName: string; enforcementLevel: string };
}

/** Source: Pulumi's `sdk/go/common/apitype/events.go`; an event a line. */
function readViolations(log: string): Violation[] {
  return log
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const { policyEvent: event } = JSON.parse(line) as EngineEvent;
      if (event === undefined) return [];
      const { policyName: rule, enforcementLevel: level, resourceUrn: urn = "", message } = event;
      return [{ rule, level, urn, message: plain(message) }];
    });
}

/** Without the engine's marks for colours. */
function plain(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}
