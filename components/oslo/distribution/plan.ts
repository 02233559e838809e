import { UserError } from "../../errors";
import type { Manifest, ManifestFile } from "./manifest";

/** One move of the pointer. */
export interface HistoryEntry {
  version: string;
  /** When, as ISO 8601 in UTC. */
  at: string;
  /** Who, as `user@host`. */
  by: string;
  /** `publish`, `switch` or `rollback`. */
  action: string;
}

/** How many moves of the pointer are remembered. */
export const MAX_HISTORY = 100;

/** Newest first. */
export function recordMove(history: readonly HistoryEntry[], move: HistoryEntry): HistoryEntry[] {
  return [move, ...history].slice(0, MAX_HISTORY);
}

/**
 * Where a rollback goes: to what was current before the current version. Rolling back twice goes two versions back,
 * not forth again: what was rolled back from is skipped.
 */
export function rollbackTarget(history: readonly HistoryEntry[], current: string): string {
  // Read from the oldest: a stack of versions, from which a rollback takes the top.
  const stack: string[] = [];
  for (const { version, action } of [...history].reverse()) {
    if (action === "rollback" && stack.includes(version)) while (stack.at(-1) !== version) stack.pop();
    else if (stack.at(-1) !== version) stack.push(version);
  }
  // The pointer can be moved without this tool, too: its history then does not end in it.
  if (stack.at(-1) !== current) stack.push(current);
  const target = stack.at(-2);
  if (target === undefined) {
    throw new UserError(
      `There is no version before ${current} to roll back to. \`status\` lists versions; \`switch\` takes any of them.`,
    );
  }
  return target;
}

/** What is stored of a version. */
export interface StoredVersion {
  version: string;
  /** Its manifest's revision in the store; none where a publisher ended half-way. */
  revision?: number;
}

/**
 * The versions to remove: never the current one, the last `keep` that were current before it, or one published since
 * the current one (it waits to be switched to). What a killed publisher left goes.
 */
export function planPrune(
  versions: readonly StoredVersion[],
  history: readonly HistoryEntry[],
  current: string | undefined,
  keep: number,
): string[] {
  const before = [...new Set(history.map(({ version }) => version))].filter((version) => version !== current);
  const kept = new Set([current, ...before.slice(0, keep)]);
  const since = versions.find(({ version }) => version === current)?.revision ?? 0;
  return versions
    .filter(({ version, revision }) => {
      if (kept.has(version)) return false;
      const waits = revision !== undefined && revision > since && !before.includes(version);
      return !waits;
    })
    .map(({ version }) => version);
}

export interface FileChange {
  service: string;
  path: string;
  change: "added" | "removed" | "changed";
  secret: boolean;
}

/** What is not the same in two versions, by service and path. */
export function diffManifests(before: Manifest | undefined, after: Manifest): FileChange[] {
  const changes: FileChange[] = [];
  const services = new Set([...Object.keys(before?.services ?? {}), ...Object.keys(after.services)]);
  for (const service of [...services].sort()) {
    const old = byPath(before?.services[service]);
    const now = byPath(after.services[service]);
    for (const path of [...new Set([...old.keys(), ...now.keys()])].sort()) {
      const [was, is] = [old.get(path), now.get(path)];
      if (was?.id === is?.id) continue;
      const change = was === undefined ? "added" : is === undefined ? "removed" : "changed";
      changes.push({ service, path, change, secret: (is ?? was)?.secret ?? false });
    }
  }
  return changes;
}

function byPath(files: readonly ManifestFile[] = []): Map<string, ManifestFile> {
  return new Map(files.map((file) => [file.path, file]));
}
