import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of a clock tick: the kernel tells processes 100 a second on every architecture. Source: proc(5). */
const TICK_MS = 10;

interface ProcessStat {
  pid: number;
  group: number;
  processorMs: number;
}

/** Reads a line of `/proc/<pid>/stat`; the name in it may hold anything, brackets too. */
export function parseStat(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { pid: Number.parseInt(line), group: Number(fields[2]), processorMs: ticks * TICK_MS };
}

/** Processor time of processes and of what belongs to their groups, in milliseconds; of those that still run. */
export function processorMs(pids: readonly number[]): number {
  const wanted = new Set(pids);
  const stats = every((pid) => parseStat(readFileSync(`/proc/${pid}/stat`, "utf8")));
  return stats
    .filter(({ pid, group }) => wanted.has(pid) || wanted.has(group))
    .reduce((sum, { processorMs: ms }) => sum + ms, 0);
}

/** Resident memory of the same processes, in bytes. */
export function residentBytes(pids: readonly number[]): number {
  const wanted = new Set(pids);
  const sizes = every((pid) => {
    const { group } = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    if (!wanted.has(pid) && !wanted.has(group)) return 0;
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

function every<T>(read: (pid: number) => T): T[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return [read(Number(pid))];
    } catch {
      // It has ended while it was looked at.
      return [];
    }
  });
}
