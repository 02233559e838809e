import { closeSync, existsSync, openSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

/** Commands of the superuser are not on every user's PATH. */
const FOLDERS = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin", "/usr/lib/rabbitmq/bin"];

/** One installation at a time on a machine; a lock as old as this is of a run that was killed. */
const LOCK = join(tmpdir(), "fabric-debian.lock");
const LOCK_MS = 600_000;

/** Where Debian asks whether a package may start its services. */
const POLICY = "/usr/sbin/policy-rc.d";

/** The path of a command, if the machine has it. */
export function find(command: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, command)).find((path) => existsSync(path));
}

/**
 * Makes sure that the machine has some commands, by installing Debian's packages of them (as root, or by `sudo`
 * without a password). Nothing that a package brings is started.
 */
export async function ensureDebian(packages: readonly string[], commands: readonly string[]): Promise<void> {
  if (commands.every((command) => find(command) !== undefined)) return;
  await locked(async () => {
    if (commands.every((command) => find(command) !== undefined)) return;
    await asRoot("apt-get", "update", "-qq");
    const guard = !existsSync(POLICY);
    if (guard) await asRoot("sh", "-c", `printf '#!/bin/sh\\nexit 101\\n' > ${POLICY} && chmod 0755 ${POLICY}`);
    try {
      await asRoot(
        "apt-get",
        "install",
        "-qq",
        "-y",
        "-o",
        "DPkg::Lock::Timeout=300",
        "--no-install-recommends",
        ...packages,
      );
    } finally {
      if (guard) await asRoot("rm", "-f", POLICY);
    }
  });
  const missing = commands.filter((command) => find(command) === undefined);
  if (missing.length > 0) throw new Error(`${packages.join(", ")} did not bring ${missing.join(", ")}`);
}

async function asRoot(command: string, ...args: string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const [file, ...rest] = process.getuid?.() === 0 ? [command, ...args] : ["sudo", "-n", "-E", command, ...args];
  const result = await execa(file, rest, { env, reject: false, all: true });
  if (result.exitCode === 0) return;
  throw new Error(`\`${command} ${args.join(" ")}\` failed; install the packages by hand. ${result.all.slice(-2000)}`);
}

async function locked(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      closeSync(openSync(LOCK, "wx"));
      break;
    } catch {
      if (Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? 0) > LOCK_MS)
        rmSync(LOCK, { force: true });
      else await sleep(500);
    }
  }
  try {
    writeFileSync(LOCK, String(process.pid));
    await work();
  } finally {
    rmSync(LOCK, { force: true });
  }
}
