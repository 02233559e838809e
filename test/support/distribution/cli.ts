import { resolve } from "node:path";

import { execa } from "execa";

import type { TestStore } from "./servers";

const MAIN = resolve("dist/tools/config-distribution/main.js");

export interface CliResult {
  exitCode?: number;
  stdout: string;
  stderr: string;
}

/** Starts the command line as an operator does, in a process of its own. */
export function startCli(store: TestStore, endpoint: string, args: readonly string[], input = "") {
  const { ca, client } = store.certificates;
  const tls = endpoint.startsWith("https:") ? ["--ca", ca, "--cert", client.cert, "--key", client.key] : [];
  const user = store.publisher.user === undefined ? [] : ["--user", store.publisher.user];
  return execa(process.execPath, [MAIN, ...args, "--store", `${store.kind}+${endpoint}/fabric/test`, ...tls, ...user], {
    input,
    reject: false,
    env: { FABRIC_STORE_SECRET: store.publisher.secret },
  });
}

/** Runs a command to its end, and expects that it succeeds. */
export async function runCli<T>(store: TestStore, args: readonly string[], input = ""): Promise<T> {
  const { exitCode, stdout, stderr } = await startCli(store, store.endpoint, [...args, "--json"], input);
  if (exitCode !== 0) throw new Error(`config-distribution ${args.join(" ")} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as T;
}
