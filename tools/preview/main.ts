import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Command } from "commander";

import { readSections } from "../../stacks/config/file";
import { ensurePlugin } from "../workspace/plugins";
import { CHECKOUT, ensureStack, openWorkspace, pulumi, removeWorkspace } from "../workspace/workspace";

/** The stacks that ship, by their configuration files. */
export function shippedStacks(): string[] {
  return readdirSync(join(CHECKOUT, "stacks"))
    .flatMap((file) => /^Pulumi\.([a-z0-9-]+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** Nobody listens there: what a preview says does not depend on whether this machine has a Docker. */
const NO_DOCKER = "unix:///nonexistent/docker.sock";

/**
 * Previews a shipped stack from nothing, without a cloud and without Docker; gives what the engine said. `flags` and `env`
 * are for the engine, beside those of every preview.
 */
export async function previewOffline(
  stack: string,
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ ok: boolean; output: string }> {
  const onDocker = readSections(CHECKOUT, stack)["docker"] !== undefined;
  const cloud = onDocker ? { ...(await ensurePlugin("docker")), DOCKER_HOST: NO_DOCKER } : {};
  const dir = mkdtempSync(join(tmpdir(), "fabric-preview-"));
  const workspace = openWorkspace({ dir, stack, cloud: { ...cloud, ...env } });
  try {
    await ensureStack(workspace);
    const result = await pulumi(workspace, ["preview", "--diff", ...flags], { all: true });
    return { ok: result.exitCode === 0, output: String(result.all) };
  } finally {
    removeWorkspace(workspace);
  }
}

async function previewAll(stacks: readonly string[]): Promise<void> {
  for (const stack of stacks.length > 0 ? stacks : shippedStacks()) {
    const started = Date.now();
    const { ok, output } = await previewOffline(stack);
    const created = /\+ (\d+) to create/.exec(output)?.[1] ?? "?";
    console.log(
      `${stack.padEnd(12)} ${ok ? `${created} to create` : "FAILED"}  ${((Date.now() - started) / 1000).toFixed(1)} s`,
    );
    if (ok) continue;
    console.error(output);
    process.exitCode = 1;
  }
}

if (require.main === module) {
  void new Command("preview")
    .description("Previews shipped stacks from nothing, without a cloud.")
    .argument("[stacks...]", "stacks (default: all)")
    .action(previewAll)
    .parseAsync();
}
