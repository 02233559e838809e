import { resolve } from "node:path";

import { Command } from "commander";

import { previewOffline, shippedStacks } from "../preview/main";
import { type Violation, withPack } from "./violations";

/** Judges a stack's configuration by the pack, from nothing and without a cloud. */
export async function judge(stack: string, config?: string) {
  return withPack((flags, env) => previewOffline(stack, flags, env), config);
}

async function judgeAll(stacks: readonly string[], options: { packConfig?: string }): Promise<void> {
  const config = options.packConfig === undefined ? undefined : resolve(options.packConfig);
  for (const stack of stacks.length > 0 ? stacks : shippedStacks()) {
    const { result, violations } = await judge(stack, config);
    console.log(`${stack.padEnd(12)} ${summary(result.ok, violations)}`);
    for (const { level, rule, message } of violations) console.log(`  ${level}  ${rule}\n    ${lastLine(message)}`);
    if (result.ok) continue;
    if (violations.length === 0) console.error(result.output);
    process.exitCode = 1;
  }
}

function summary(ok: boolean, violations: readonly Violation[]): string {
  if (violations.length > 0) return `${violations.length} violation${violations.length === 1 ? "" : "s"}`;
  return ok ? "clean" : "FAILED";
}

/** The rule's description comes first, and is the same for all. */
function lastLine(message: string): string {
  return message.split("\n").at(-1)?.trim() ?? message;
}

if (require.main === module) {
  void new Command("policies")
    .description("Judges shipped stacks by the policy pack, without a cloud.")
    .argument("[stacks...]", "stacks (default: all)")
    .option("--pack-config <file>", "levels and settings of the rules, as JSON")
    .action(judgeAll)
    .parseAsync();
}
