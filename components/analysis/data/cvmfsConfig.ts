/** Configuration files of the CVMFS client (https://cvmfs.readthedocs.io/en/stable/apx-parameters.html). */

export interface CvmfsConfigRepository {
  /** Its name, such as `config-osg.opensciencegrid.org`. */
  repository: string;
  /** Folder of the keys that it is checked with, such as `/etc/cvmfs/keys/opensciencegrid.org`. Default: the client's. */
  keysDirectory?: string;
}

export interface CvmfsOwnRepository {
  /** URLs of its servers, the nearest first; `@fqrn@` stands for the repository's name. */
  servers: string[];
  /** Its public key, PEM. */
  publicKey: string;
}

export interface CvmfsClient {
  repositories: readonly string[];
  proxy: string;
  clientProfile?: "single";
  quotaMiB: number;
  /** Folder of a cache that all nodes share. */
  alienCache?: string;
  cacheBase: string;
}

/** `/etc/cvmfs/default.local`: what holds for every repository of this site. */
export function renderDefaultLocal(client: CvmfsClient): string {
  const { alienCache } = client;
  return lines({
    CVMFS_REPOSITORIES: client.repositories.join(","),
    CVMFS_HTTP_PROXY: client.proxy,
    CVMFS_CLIENT_PROFILE: client.clientProfile,
    // Orders the servers by distance; through proxies too.
    CVMFS_USE_GEOAPI: "yes",
    CVMFS_CACHE_BASE: client.cacheBase,
    CVMFS_ALIEN_CACHE: alienCache,
    // CVMFS does not govern an alien cache: neither its size, nor may repositories share one cache beside it
    // (https://cvmfs.readthedocs.io/en/stable/cpt-configure.html#alien-cache).
    CVMFS_SHARED_CACHE: alienCache === undefined ? undefined : "no",
    CVMFS_QUOTA_LIMIT: alienCache === undefined ? String(client.quotaMiB) : "-1",
  });
}

/** `/etc/cvmfs/default.d/90-local.conf`: the only place where the repository of configuration can be another one. */
export function renderDefaultD(config: CvmfsConfigRepository | undefined): string {
  const settings =
    config === undefined
      ? {}
      : {
          CVMFS_CONFIG_REPOSITORY: config.repository,
          CVMFS_CONFIG_REPO_REQUIRED: "yes",
          CVMFS_KEYS_DIR: config.keysDirectory,
        };
  // Never without the file: a missing key is mounted as a folder.
  return `# Written by the analysis layer.\n${lines(settings)}`;
}

/** `/etc/cvmfs/config.d/`: servers and keys of repositories that no repository of configuration knows. */
export function renderConfigD(own: Readonly<Record<string, CvmfsOwnRepository>>): Record<string, string> {
  const files = Object.entries(own).flatMap(([repository, { servers, publicKey }]) => [
    [
      `${repository}.conf`,
      lines({ CVMFS_SERVER_URL: servers.join(";"), CVMFS_PUBLIC_KEY: `/etc/cvmfs/config.d/${repository}.pub` }),
    ],
    [`${repository}.pub`, `${publicKey.trim()}\n`],
  ]);
  return Object.fromEntries(files) as Record<string, string>;
}

/** A shell's assignments, since the client reads its files as a shell would. */
function lines(settings: Record<string, string | undefined>): string {
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");
}

/** Members of a chain of proxies: groups by `;`, members of a group by `|`. */
export function proxyMembers(proxy: string): string[] {
  return proxy.split(/[;|]/).map((member) => member.trim());
}

/** TCP ports that the client opens connections to: those of its proxies, and of servers where it goes to them itself. */
export function clientPorts(proxy: string, own: Readonly<Record<string, CvmfsOwnRepository>>): number[] {
  const ports = new Set<number>();
  for (const member of proxyMembers(proxy)) {
    if (member === "DIRECT" || member === "auto") [80, 443, 8000].forEach((port) => ports.add(port));
    else ports.add(portOf(member, 3128));
  }
  if (proxyMembers(proxy).includes("DIRECT"))
    Object.values(own).forEach(({ servers }) => servers.forEach((server) => ports.add(portOf(server, 80))));
  return [...ports].sort((a, b) => a - b);
}

function portOf(url: string, otherwise: number): number {
  const port = /^https?:\/\/[^/]*?:(\d+)(\/|$)/.exec(url)?.[1];
  return port === undefined ? otherwise : Number(port);
}
