import { createHash, createHmac } from "node:crypto";

import type { DistributedFile, ServiceFiles } from "./files";

/** One file of a version. */
export interface ManifestFile {
  /** Key below the version's prefix. */
  key: string;
  path: string;
  mode: string;
  owner: string;
  group: string;
  secret: boolean;
  /** SHA-256 of what the store holds: of the ciphertext, where the file is secret. */
  sha256: string;
  /** Keyed hash of the content and its attributes; equal in two versions when the file is the same in both. */
  id: string;
}

/** What a version consists of; stored signed. */
export interface Manifest {
  format: 1;
  version: string;
  services: Record<string, ManifestFile[]>;
}

/** A file before it is sealed. */
export interface PlannedFile extends Omit<ManifestFile, "sha256"> {
  content: string;
}

export interface VersionPlan {
  version: string;
  services: Record<string, PlannedFile[]>;
}

/** Thumbprints (RFC 7638) of the keys that may read a service's secrets, by service. */
export type RecipientIds = Readonly<Record<string, readonly string[]>>;

/** Hexadecimal digits of a version: 64 bits, so that one can be typed and none is met twice. */
const VERSION_DIGITS = 16;

/**
 * Names a version by its content: files, attributes, and who can read them. The hash is keyed, since a plain one in
 * the store would let a reader of the store try guesses of a short password.
 */
export function planVersion(services: ServiceFiles, recipients: RecipientIds, macKey: Uint8Array): VersionPlan {
  const planned: Record<string, PlannedFile[]> = {};
  const mac = createHmac("sha256", macKey);
  for (const service of Object.keys(services).sort()) {
    const files = [...(services[service] ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1));
    planned[service] = files.map((file) => planFile(service, file, macKey));
    mac.update(JSON.stringify([service, planned[service].map(({ path, id }) => [path, id])]));
    if (files.some((file) => file.secret)) mac.update(JSON.stringify([...(recipients[service] ?? [])].sort()));
  }
  return { version: mac.digest("hex").slice(0, VERSION_DIGITS), services: planned };
}

function planFile(service: string, file: DistributedFile, macKey: Uint8Array): PlannedFile {
  const attributes = {
    path: file.path,
    mode: (file.mode ?? (file.secret ? "0640" : "0644")).padStart(4, "0"),
    owner: file.owner ?? "root",
    group: file.group ?? "root",
    secret: file.secret,
  };
  const id = createHmac("sha256", macKey)
    .update(JSON.stringify([service, ...Object.values(attributes), file.content]))
    .digest("hex");
  return { key: `${service}${file.path}`, ...attributes, id, content: file.content };
}

/** The manifest of a version whose files are stored as `values` by key below the version's prefix. */
export function manifestOf(plan: VersionPlan, values: ReadonlyMap<string, string>): Manifest {
  const services = Object.entries(plan.services).map(([service, files]) => [
    service,
    files.map((file): ManifestFile => {
      const { key, path, mode, owner, group, secret, id } = file;
      return { key, path, mode, owner, group, secret, sha256: sha256(values.get(key) ?? ""), id };
    }),
  ]);
  return { format: 1, version: plan.version, services: Object.fromEntries(services) as Manifest["services"] };
}

/** Keys of a version whose stored value is missing or is not what the manifest says. */
export function damagedKeys(manifest: Manifest, stored: ReadonlyMap<string, Uint8Array>): string[] {
  return Object.values(manifest.services)
    .flat()
    .filter(({ key, sha256: wanted }) => {
      const value = stored.get(key);
      return value === undefined || sha256(value) !== wanted;
    })
    .map(({ key }) => key);
}

function sha256(value: string | Uint8Array): string {
  return createHash("sha256").update(value).digest("hex");
}
