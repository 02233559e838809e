import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { stringify } from "yaml";

import { CHECKOUT, ensureStack, type Workspace } from "../../../tools/workspace/workspace";
import { kubernetesPlugin } from "./testPlugin";

/**
 * A Pulumi project of its own with a program in JavaScript (CommonJS), its stack, its state and a passphrase; the engine
 * finds a plugin for `@pulumi/kubernetes`. What runs stacks runs it: `run`, `up`, `destroy`, `stateOf` and so on of
 * test/e2e/support/stack.ts. The program finds this project's packages, and compiled components by
 * `require(process.env.CHECKOUT + "/dist/components/…")`.
 */
export async function makeProgram(name: string, source: string, env: Record<string, string> = {}): Promise<Workspace> {
  const dir = mkdtempSync(join(tmpdir(), `fabric-program-${name}-`));
  mkdirSync(join(dir, "state"));
  const runtime = { name: "nodejs", options: { typescript: false, nodeargs: "--stack-trace-limit=0" } };
  writeFileSync(join(dir, "Pulumi.yaml"), stringify({ name, runtime }));
  writeFileSync(join(dir, "package.json"), JSON.stringify({ name, main: "index.js" }));
  symlinkSync(join(CHECKOUT, "node_modules"), join(dir, "node_modules"));
  const engine = {
    CHECKOUT,
    PULUMI_BACKEND_URL: `file://${join(dir, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: randomBytes(24).toString("base64url"),
  };
  const workspace: Workspace = { dir, stack: "test", env: { ...(await kubernetesPlugin()), ...engine, ...env } };
  rewrite(workspace, source);
  await ensureStack(workspace);
  return workspace;
}

/** Gives the project another program. */
export function rewrite({ dir }: Workspace, source: string): void {
  writeFileSync(join(dir, "index.js"), source);
}
