import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { execa, type Options, type Result } from "execa";
import { parse, stringify } from "yaml";

/** The checkout: the program, its project file and the shipped stacks. */
export const CHECKOUT = findCheckout(__dirname);

/** Tools run compiled, below dist/, and in tests from their sources. */
function findCheckout(from: string): string {
  return existsSync(join(from, "Pulumi.yaml")) ? from : findCheckout(dirname(from));
}

/**
 * A Pulumi project beside the checkout: the same program, with a stack configuration, a state and a passphrase of its
 * own. So nothing of the checkout's tracked files is written to.
 */
export interface Workspace {
  dir: string;
  stack: string;
  /** Environment of the engine: state, passphrase, and the cloud. */
  env: Record<string, string>;
}

export interface WorkspaceOptions {
  dir: string;
  stack: string;
  /** The stack's configuration as YAML. Default: the shipped one. */
  config?: string;
  /** Environment that leads to the cloud; variables of the caller's own cloud are not passed on. */
  cloud: Readonly<Record<string, string>>;
}

/** Makes the project folder, or opens it: an existing state and passphrase are kept, the configuration is brought up to date. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { dir, stack } = options;
  mkdirSync(join(dir, "stacks"), { recursive: true, mode: 0o700 });
  mkdirSync(join(dir, "state"), { recursive: true, mode: 0o700 });
  const project = parse(readFileSync(join(CHECKOUT, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
  writeFileSync(join(dir, "Pulumi.yaml"), stringify({ ...project, main: join(CHECKOUT, "program.js") }));
  writeConfig(dir, stack, options.config ?? readFileSync(join(CHECKOUT, "stacks", `Pulumi.${stack}.yaml`), "utf8"));
  const env = {
    PULUMI_BACKEND_URL: `file://${join(dir, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase(dir),
    PULUMI_SKIP_UPDATE_CHECK: "1",
    ...options.cloud,
  };
  return { dir, stack, env };
}

/** Writes the configuration, and keeps what the engine has noted in it (the salt of the passphrase). */
function writeConfig(dir: string, stack: string, text: string): void {
  const file = join(dir, "stacks", `Pulumi.${stack}.yaml`);
  const before = existsSync(file) ? (parse(readFileSync(file, "utf8")) as Record<string, unknown> | null) : null;
  const salt = before?.["encryptionsalt"];
  writeFileSync(file, salt === undefined ? text : `encryptionsalt: ${JSON.stringify(salt)}\n${text}`);
}

function passphrase(dir: string): string {
  const file = join(dir, "passphrase");
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}

/** Runs `pulumi` in the workspace; the caller's cloud variables do not leak in. */
export function pulumi<T extends Options>(workspace: Workspace, args: readonly string[], options?: T) {
  return execa("pulumi", [...args, "--non-interactive", "--stack", workspace.stack], engineOptions(workspace, options));
}

export function engineOptions<T extends Options>(workspace: Workspace, options?: T): T & Options {
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith("OS_"));
  return {
    cwd: workspace.dir,
    reject: false,
    ...(options as T),
    extendEnv: false,
    env: { ...Object.fromEntries(inherited), ...workspace.env },
  };
}

/** Creates the stack if the state does not have it yet. */
export async function ensureStack(workspace: Workspace): Promise<void> {
  const created = await execa(
    "pulumi",
    ["stack", "select", "--create", "--non-interactive", "--stack", workspace.stack],
    engineOptions(workspace),
  );
  failOn(created, "pulumi stack select");
}

/** Throws with what a failed command said. */
export function failOn(result: Pick<Result, "exitCode" | "stderr" | "stdout">, what: string): void {
  if (result.exitCode === 0) return;
  throw new Error(
    `${what} ended with ${result.exitCode ?? "a signal"}:\n${String(result.stderr ?? "")}\n${String(result.stdout ?? "")}`.trimEnd(),
  );
}

/** Removes the workspace with its state; for stacks that have been destroyed. */
export function removeWorkspace(workspace: Workspace): void {
  rmSync(workspace.dir, { recursive: true, force: true });
}
