import { readManifest } from "../../components/oslo/distribution/envelope";
import { versionsOf } from "../../components/oslo/distribution/layout";
import { diffManifests, type FileChange, type HistoryEntry, planPrune } from "../../components/oslo/distribution/plan";
import { readPointer, resolveVersion, type Target, wholeOrRefuse } from "./pointer";
import { batches } from "./stores/store";

/** What a node's agent has reported. */
export interface NodeReport {
  host: string;
  version: string | null;
  state: string;
  error: string;
  at: string;
}

export interface Status {
  current?: string;
  versions: { version: string; complete: boolean; files: number; services: string[] }[];
  /** Newest first. */
  history: HistoryEntry[];
  nodes: NodeReport[];
}

export async function status(target: Target): Promise<Status> {
  const { store, layout } = target;
  const pointer = await readPointer(target);
  const versions = [];
  for (const { version, manifest } of await storedVersions(target)) {
    const services = Object.entries(manifest?.services ?? {});
    versions.push({
      version,
      complete: manifest !== undefined,
      files: services.reduce((sum, [, files]) => sum + files.length, 0),
      services: services.map(([service]) => service),
    });
  }
  const nodes = (await store.list(layout.nodes)).map(({ key, value }) =>
    asReport(key.slice(layout.nodes.length), value.toString()),
  );
  return { current: pointer.version, versions, history: pointer.history, nodes };
}

/** Versions with what their manifests say, the newest first; incomplete ones last. */
async function storedVersions(target: Target) {
  const { store, layout } = target;
  const all = [];
  for (const version of versionsOf(layout, await store.keys(layout.versions))) {
    target.progress(`reading version ${version}`);
    const entry = await store.get(layout.manifest(version));
    all.push({
      version,
      revision: entry?.revision,
      manifest: entry && readable(entry.value.toString(), version),
    });
  }
  return all.sort((a, b) => (b.revision ?? 0) - (a.revision ?? 0));
}

function readable(signed: string, version: string) {
  try {
    return readManifest(signed, version);
  } catch {
    return undefined;
  }
}

function asReport(host: string, text: string): NodeReport {
  try {
    return { host, ...(JSON.parse(text) as Omit<NodeReport, "host">) };
  } catch {
    return { host, version: null, state: "unreadable", error: "", at: "" };
  }
}

/** Files that differ between two versions; the first is by default what nodes run now. */
export async function diff(target: Target, to: string, from?: string): Promise<FileChange[]> {
  const pointer = await readPointer(target);
  const first = from === undefined ? pointer.version : await resolveVersion(target, from);
  const before = first === undefined ? undefined : (await wholeOrRefuse(target, first)).manifest;
  const after = await wholeOrRefuse(target, await resolveVersion(target, to));
  return diffManifests(before, after.manifest);
}

/** Removes versions that nobody goes back to; each loses its manifest first, and only while the pointer stays. */
export async function prune(target: Target, keep: number, dryRun: boolean): Promise<string[]> {
  const { store, layout } = target;
  const pointer = await readPointer(target);
  const doomed = planPrune(await storedVersions(target), pointer.history, pointer.version, keep);
  if (dryRun) return doomed;
  const removed = [];
  for (const version of doomed) {
    target.progress(`removing version ${version}`);
    const same = [{ key: layout.current, revision: pointer.revision }];
    const manifest = layout.manifest(version);
    // A switch to this version, at the same moment, checks the manifest: either it fails, or this does.
    if (!(await store.commit(same, [{ key: manifest }]))) break;
    const keys = (await store.keys(layout.version(version))).filter((key) => key !== manifest);
    for (const batch of batches(
      store,
      keys.map((key) => ({ key })),
      1,
    ))
      await store.commit(same, batch);
    removed.push(version);
  }
  return removed;
}
