import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { z } from "zod";

const lockSchema = z.object({ pid: z.number(), hostname: z.string() });

/**
 * Removes the locks that killed engines left in a `file://` state; gives how many. A lock of a process that lives, or
 * of another machine, stays.
 */
export function removeStaleLocks(backendUrl: string, stack: string): number {
  if (!backendUrl.startsWith("file://")) return 0;
  const root = join(backendUrl.slice("file://".length), ".pulumi", "locks");
  if (!existsSync(root)) return 0;
  const stale = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json") && file.split("/").includes(stack))
    .map((file) => join(root, file))
    .filter(isStale);
  for (const file of stale) rmSync(file);
  return stale.length;
}

function isStale(file: string): boolean {
  const lock = lockSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  return lock.success && lock.data.hostname === hostname() && !isAlive(lock.data.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
