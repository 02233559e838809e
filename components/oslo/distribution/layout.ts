/**
 * Keys in the store. A version never changes once its manifest is there; `current` alone decides what nodes run.
 *
 * ```
 * <prefix>/versions/<version>/<service>/<path>   a file, in the clear or as JWE
 * <prefix>/versions/<version>/manifest           signed list of them (JWS); written last
 * <prefix>/current                               the pointer: a version
 * <prefix>/history                               where it pointed before, as JSON
 * <prefix>/nodes/<host>                          what a node has applied, as JSON
 * ```
 */
export interface KeyLayout {
  current: string;
  history: string;
  /** Prefix of all versions, with its slash. */
  versions: string;
  /** Prefix of all nodes' reports, with its slash. */
  nodes: string;
  /** Prefix of one version, with its slash. */
  version(version: string): string;
  manifest(version: string): string;
}

export function keyLayout(prefix: string): KeyLayout {
  const versions = `${prefix}/versions/`;
  return {
    current: `${prefix}/current`,
    history: `${prefix}/history`,
    versions,
    nodes: `${prefix}/nodes/`,
    version: (version) => `${versions}${version}/`,
    manifest: (version) => `${versions}${version}/manifest`,
  };
}

/** The versions that have any key, complete or not. */
export function versionsOf(layout: KeyLayout, keys: Iterable<string>): Set<string> {
  const versions = new Set<string>();
  for (const key of keys) {
    const version = key.startsWith(layout.versions) ? key.slice(layout.versions.length).split("/")[0] : undefined;
    if (version) versions.add(version);
  }
  return versions;
}
