import type { KeyObject } from "node:crypto";

import { UserError } from "../../components/errors";
import {
  macKeyOf,
  publicHalf,
  type Recipient,
  recipientOf,
  sealFile,
  signManifest,
} from "../../components/oslo/distribution/envelope";
import { checkFiles, type ServiceFiles } from "../../components/oslo/distribution/files";
import { manifestOf, planVersion, type VersionPlan } from "../../components/oslo/distribution/manifest";
import { movePointer, type Moved, readPointer, readVersion, type Target, type WholeVersion } from "./pointer";
import { batches } from "./stores/store";

export interface PublisherKeys {
  /** Signs manifests. */
  signing: KeyObject;
  /** Public keys of the nodes: by service, and under `*` for all. */
  recipients: Readonly<Record<string, readonly KeyObject[]>>;
}

export interface Published extends Moved {
  files: number;
  secrets: number;
  /** False where the store had the version already. */
  stored: boolean;
}

/** What will be published, with the keys that can read each service's secrets. */
export interface Prepared {
  plan: VersionPlan;
  recipients: Record<string, Recipient[]>;
}

/** Checks the files and names their version; nothing is asked of the store. */
export async function prepare(services: ServiceFiles, keys: PublisherKeys): Promise<Prepared> {
  checkFiles(services);
  publicHalf(keys.signing);
  const recipients: Record<string, Recipient[]> = {};
  for (const [service, files] of Object.entries(services)) {
    const given = [...(keys.recipients["*"] ?? []), ...(keys.recipients[service] ?? [])];
    recipients[service] = await Promise.all(given.map(recipientOf));
    if (given.length > 0 || files.every((file) => !file.secret)) continue;
    throw new UserError(
      `${service} has secret files, but no recipient: give \`--recipient ${service}=<public key of its nodes>\`.`,
    );
  }
  const ids = Object.fromEntries(
    Object.entries(recipients).map(([service, all]) => [service, all.map(({ id }) => id)]),
  );
  return { plan: planVersion(services, ids, macKeyOf(keys.signing)), recipients };
}

/** Stores a version, checks it, and only then moves the pointer; ended anywhere before that, nothing has changed. */
export async function publish(
  given: Target,
  prepared: Prepared,
  keys: PublisherKeys,
  andSwitch: boolean,
): Promise<Published> {
  const target = { ...given, publisherKey: publicHalf(keys.signing) };
  const { plan } = prepared;
  const before = await readPointer(target);
  const there = await intactVersion(target, plan.version);
  const whole = there ?? (await storeVersion(target, prepared, keys));
  const files = Object.values(plan.services).flat();
  const moved = andSwitch
    ? await movePointer(target, before, plan.version, whole, "publish")
    : { from: before.version, version: plan.version, moved: false };
  return {
    ...moved,
    files: files.length,
    secrets: files.filter((file) => file.secret).length,
    stored: there === undefined,
  };
}

/** The version, if it is there and whole; a damaged one loses its manifest, so that it can be written anew. */
async function intactVersion(target: Target, version: string): Promise<WholeVersion | undefined> {
  const { store, layout } = target;
  try {
    return await readVersion(target, version);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const manifest = await store.get(layout.manifest(version));
    if (manifest !== undefined) await store.commit([manifest], [{ key: manifest.key }]);
    return undefined;
  }
}

async function storeVersion(
  target: Target,
  { plan, recipients }: Prepared,
  keys: PublisherKeys,
): Promise<WholeVersion> {
  const { store, layout } = target;
  const prefix = layout.version(plan.version);
  const noManifest = { key: layout.manifest(plan.version), revision: 0 };
  const values = await sealAll(plan, recipients);
  const writes = [...values].map(([key, value]) => ({ key: prefix + key, value }));
  let written = 0;
  for (const batch of batches(store, writes, 1)) {
    target.progress(`storing version ${plan.version}: ${written} of ${writes.length} files`);
    // Whoever has put the manifest has finished the same version: its files are left alone.
    if (!(await store.commit([noManifest], batch))) return finishedByOther(target, plan.version);
    written += batch.length;
  }
  const signed = await signManifest(manifestOf(plan, values), keys.signing);
  if (!(await store.commit([noManifest], [{ key: noManifest.key, value: signed }]))) {
    return finishedByOther(target, plan.version);
  }
  // From here on nobody writes the version's files. Had another publisher's files come between, it shows now.
  const whole = await intactVersion(target, plan.version);
  if (whole === undefined)
    throw new UserError(`Version ${plan.version} was written by two publishers at once. Run it again.`);
  return whole;
}

async function finishedByOther(target: Target, version: string): Promise<WholeVersion> {
  const whole = await readVersion(target, version);
  if (whole !== undefined) return whole;
  throw new UserError(`Somebody else is publishing version ${version}. Run it again.`);
}

async function sealAll(plan: VersionPlan, recipients: Prepared["recipients"]): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const [service, files] of Object.entries(plan.services)) {
    for (const { key, secret, content } of files) {
      values.set(key, secret ? await sealFile(content, recipients[service] ?? []) : content);
    }
  }
  return values;
}
