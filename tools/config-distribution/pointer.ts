import { hostname, userInfo } from "node:os";

import { UserError } from "../../components/errors";
import { readManifest, verifyManifest } from "../../components/oslo/distribution/envelope";
import { type KeyLayout, versionsOf } from "../../components/oslo/distribution/layout";
import { damagedKeys, type Manifest } from "../../components/oslo/distribution/manifest";
import { type HistoryEntry, recordMove, rollbackTarget } from "../../components/oslo/distribution/plan";
import type { Store } from "./stores/store";

/** A store, and where in it the configuration lies. */
export interface Target {
  store: Store;
  layout: KeyLayout;
  /** Says what is being done, where it takes long. */
  progress: (text: string) => void;
  /** Public key (PEM) of the publisher, where manifests are to be checked against it. */
  publisherKey?: Parameters<typeof verifyManifest>[1];
}

/** The pointer and its history, as they were read. */
export interface Pointer {
  version?: string;
  revision: number;
  history: HistoryEntry[];
  historyRevision: number;
}

export interface Moved {
  from?: string;
  version: string;
  /** Whether the pointer had to be moved. */
  moved: boolean;
}

export async function readPointer({ store, layout }: Target): Promise<Pointer> {
  const [current, history] = [await store.get(layout.current), await store.get(layout.history)];
  return {
    version: current?.value.toString().trim() || undefined,
    revision: current?.revision ?? 0,
    history: asHistory(history?.value),
    historyRevision: history?.revision ?? 0,
  };
}

function asHistory(value: Buffer | undefined): HistoryEntry[] {
  try {
    return value === undefined ? [] : (JSON.parse(value.toString()) as HistoryEntry[]);
  } catch {
    // A history that somebody has broken must not keep anyone from switching.
    return [];
  }
}

/** A version that is whole in the store: every file is what its manifest says. */
export interface WholeVersion {
  manifest: Manifest;
  /** Revision of the manifest's key. */
  revision: number;
}

/** Reads and checks a version; undefined where it has no manifest, so is not there or not complete. */
export async function readVersion(target: Target, version: string): Promise<WholeVersion | undefined> {
  const { store, layout, publisherKey } = target;
  const entry = await store.get(layout.manifest(version));
  if (entry === undefined) return undefined;
  const signed = entry.value.toString();
  const manifest = publisherKey ? await verifyManifest(signed, publisherKey, version) : readManifest(signed, version);
  const prefix = layout.version(version);
  target.progress(`checking version ${version}`);
  const stored = new Map((await store.list(prefix)).map(({ key, value }) => [key.slice(prefix.length), value]));
  const damaged = damagedKeys(manifest, stored);
  if (damaged.length > 0) {
    throw new UserError(
      `Version ${version} is damaged in the store: ${damaged.slice(0, 5).join(", ")} ` +
        `${damaged.length === 1 ? "is" : "are"} not what the manifest says. Publish the files anew.`,
    );
  }
  return { manifest, revision: entry.revision };
}

/** The whole name of a version, of which the user gave the beginning. */
export async function resolveVersion({ store, layout }: Target, given: string): Promise<string> {
  const known = [...versionsOf(layout, await store.keys(layout.versions))];
  const matching = known.filter((version) => version.startsWith(given));
  const [only, second] = matching.includes(given) ? [given] : matching;
  if (only !== undefined && second === undefined) return only;
  throw new UserError(
    second === undefined
      ? `There is no version "${given}" in the store; there ${known.length > 0 ? `are ${known.join(", ")}` : "is none"}.`
      : `Version "${given}" is not unique: ${matching.join(", ")}. Give more of it.`,
  );
}

/** Points all nodes at a version that is whole, in one transaction; refuses if anyone else moved the pointer meanwhile. */
export async function movePointer(
  { store, layout }: Target,
  before: Pointer,
  version: string,
  whole: WholeVersion,
  action: string,
): Promise<Moved> {
  if (before.version === version) return { from: version, version, moved: false };
  const move = { version, at: new Date().toISOString(), by: `${userInfo().username}@${hostname()}`, action };
  const done = await store.commit(
    [
      { key: layout.current, revision: before.revision },
      { key: layout.history, revision: before.historyRevision },
      { key: layout.manifest(version), revision: whole.revision },
    ],
    [
      { key: layout.current, value: version },
      { key: layout.history, value: JSON.stringify(recordMove(before.history, move)) },
    ],
  );
  if (done) return { from: before.version, version, moved: true };
  const now = (await store.get(layout.current))?.value.toString();
  throw new UserError(
    now === before.version
      ? `Version ${version} was changed or pruned while this ran, so nothing was switched. Run it again.`
      : `Somebody else moved the pointer from ${before.version ?? "nothing"} to ${now} while this ran, so this did not. ` +
          `Look at \`diff ${version}\`, then \`switch ${version}\` if it is still wanted.`,
  );
}

export async function switchTo(target: Target, given: string): Promise<Moved> {
  const before = await readPointer(target);
  const version = await resolveVersion(target, given);
  return movePointer(target, before, version, await wholeOrRefuse(target, version), "switch");
}

export async function rollback(target: Target): Promise<Moved> {
  const before = await readPointer(target);
  if (before.version === undefined)
    throw new UserError("Nothing has been published yet, so nothing can be rolled back.");
  const version = rollbackTarget(before.history, before.version);
  return movePointer(target, before, version, await wholeOrRefuse(target, version), "rollback");
}

export async function wholeOrRefuse(target: Target, version: string): Promise<WholeVersion> {
  const whole = await readVersion(target, version);
  if (whole !== undefined) return whole;
  throw new UserError(
    `Version ${version} is not complete in the store: it was pruned, or its publisher ended half-way. Publish its files anew.`,
  );
}
