import type { HostFile, HostSettings } from "./plan";

/**
 * Where images really come from. A prefix is moved, not mirrored: podman then never asks the registry of the name,
 * which a server without a way out would wait for in vain.
 */
export function registryFiles(mirrors: HostSettings["registryMirrors"] = {}): HostFile[] {
  const entries = Object.entries(mirrors).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return [];
  const content = entries
    .map(([prefix, location]) =>
      ["[[registry]]", `prefix = ${JSON.stringify(prefix)}`, `location = ${JSON.stringify(location)}`, ""].join("\n"),
    )
    .join("\n");
  return [{ path: "/etc/containers/registries.conf.d/50-fabric.conf", content }];
}

/** Cloud-init's own keys for the archives of packages (Debian and Ubuntu), and for an authority that is trusted. */
export function sourcesConfig({ packageMirror, caPem }: HostSettings): Record<string, unknown> {
  return {
    ...(packageMirror === undefined
      ? {}
      : {
          apt: {
            primary: [{ arches: ["default"], uri: packageMirror.main }],
            security: [{ arches: ["default"], uri: packageMirror.security }],
          },
        }),
    ...(caPem === undefined ? {} : { ca_certs: { trusted: [caPem] } }),
  };
}
