import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { z } from "zod";

const lockSchema = z.object({ pid: z.number(), hostname: z.string(), timestamp: z.coerce.date() });

/** Locks that were removed, and since when the dead engines had been at work. */
export interface StaleLocks {
  count: number;
  since?: Date;
}

/** Folder of a `file://` state; other backends recover their files themselves. */
function stateFolder(backendUrl: string): string | undefined {
  return backendUrl.startsWith("file://") ? join(backendUrl.slice("file://".length), ".pulumi") : undefined;
}

/**
 * Removes the locks that killed engines left in a `file://` state. A lock of a process that lives, or of another
 * machine, stays.
 */
export function removeStaleLocks(backendUrl: string, stack: string): StaleLocks {
  const root = stateFolder(backendUrl);
  if (root === undefined) return { count: 0 };
  const stale = filesBelow(join(root, "locks"))
    .filter((file) => file.endsWith(".json") && file.split("/").includes(stack))
    .flatMap((file) => staleLock(file) ?? []);
  for (const { file } of stale) {
    rmSync(file);
    rmSync(`${file}.attrs`, { force: true });
  }
  const [first] = stale.map((lock) => lock.timestamp).sort((a, b) => a.getTime() - b.getTime());
  return { count: stale.length, since: first };
}

/**
 * Removes what a write cut off by a kill left beside the checkpoint: temporary files, and empty attribute files, on
 * which the engine fails ("failed to load checkpoint: EOF") although the checkpoint itself is whole.
 */
export function removeTornFiles(backendUrl: string): void {
  const root = stateFolder(backendUrl);
  if (root === undefined) return;
  for (const file of filesBelow(root)) {
    if (file.endsWith(".tmp") || (file.endsWith(".attrs") && statSync(file).size === 0)) rmSync(file);
  }
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file));
}

function staleLock(file: string): { file: string; timestamp: Date } | undefined {
  const lock = lockSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!lock.success || lock.data.hostname !== hostname() || isAlive(lock.data.pid)) return undefined;
  return { file, timestamp: lock.data.timestamp };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
