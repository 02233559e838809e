import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How long a killed process may take to be gone, in milliseconds. */
const GONE_MS = 5_000;

/**
 * Ends the plugins and language hosts that a killed engine left running: they would go on creating what nobody notes
 * any more. A process is one of them when it works on this state (by its environment), is a Pulumi plugin, and its
 * engine is gone. Gives their process ids. Linux only; elsewhere nothing is found.
 */
export async function endOrphans(backendUrl: string): Promise<number[]> {
  const orphans = processes().filter((pid) => isOrphan(pid, backendUrl));
  for (const pid of orphans) process.kill(pid, "SIGKILL");
  const deadline = Date.now() + GONE_MS;
  while (orphans.some((pid) => read(`/proc/${pid}/cmdline`) !== "") && Date.now() < deadline) await sleep(20);
  return orphans;
}

function processes(): number[] {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function isOrphan(pid: number, backendUrl: string): boolean {
  if (!/^pulumi-(resource|language|analyzer)-/.test(commandOf(pid))) return false;
  if (!read(`/proc/${pid}/environ`).split("\0").includes(`PULUMI_BACKEND_URL=${backendUrl}`)) return false;
  const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? "1";
  return commandOf(Number(parent)) !== "pulumi";
}

function commandOf(pid: number): string {
  return basename(read(`/proc/${pid}/cmdline`).split("\0")[0] ?? "");
}

/** A file's text; empty when the process has ended meanwhile, or is another user's. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
