import { readFileSync } from "node:fs";
import { join } from "node:path";

import { execa } from "execa";

import { type PythonEnv, pythonEnv } from "./pythonEnv";

/** Releases whose libraries are installed: one with the AMQP 1.0 driver and without quorum queues, one of the middle, the newest. */
export const INSTALLED = ["train", "2024.1", "2026.1"] as const;
export type Installed = (typeof INSTALLED)[number];

/** oslo's libraries of a release, with everything that they need. */
export async function osloLibraries(release: Installed): Promise<PythonEnv> {
  const list = readFileSync(join("test", "fixtures", "python", `oslo-${release}.txt`), "utf8");
  return pythonEnv(`oslo-${release}`, list.trim().split("\n"), { complete: true });
}

export interface Validation {
  /** 0 when the validator is content. */
  status: number;
  lines: string[];
}

const NAMESPACES = ["oslo.messaging", "oslo.log", "oslo.policy", "oslo.privsep", "oslo.config"];

/** What the real oslo-config-validator says of files; each with the sections that belong to no library. */
export async function validate(
  env: PythonEnv,
  files: Readonly<Record<string, readonly string[]>>,
  contexts: readonly string[],
): Promise<Record<string, Validation>> {
  const input = JSON.stringify({ namespaces: NAMESPACES, contexts, files });
  return JSON.parse(await script(env, "validate.py", input)) as Record<string, Validation>;
}

export interface Loaded {
  values: Record<string, Record<string, unknown>>;
  transports: Partial<Record<"rpc" | "notifications", LoadedUrl>>;
}

export interface LoadedUrl {
  driver: string;
  vhost: string;
  /** Host, port, user, password. */
  hosts: [string, number, string, string][];
}

/** What a service finds: its name, its folder of drop-ins, and its environment. */
export interface Case {
  project: string;
  folder: string;
  env?: Readonly<Record<string, string>>;
}

/** The values that a service gets in each case. */
export async function load(env: PythonEnv, cases: readonly Case[]): Promise<Loaded[]> {
  const input = JSON.stringify(cases.map((one) => ({ env: {}, ...one })));
  return JSON.parse(await script(env, "values.py", input)) as Loaded[];
}

async function script(env: PythonEnv, name: string, input: string): Promise<string> {
  const { stdout } = await execa(env.python, ["-W", "ignore", join("test", "support", "oslo", name)], { input });
  return stdout;
}
