import { proxyMembers } from "./cvmfsConfig";
import type { CvmfsSettings } from "./cvmfsSettings";

const REPOSITORY = /^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9-]*)+$/;
const PROXY = /^https?:\/\/[^\s/:;|"'`$\\{}]+(:\d{1,5})?$/;
const CRON_FIELD = /^[\d*,/-]+$/;
/** What would end a quoted text of the client's files, or begin a template of the chart's. */
const UNQUOTABLE = /["'`$\\\n]|\{\{/;
const QUANTITY = /^[1-9]\d*(Mi|Gi|Ti)$/;

/** Settings of the driver, which one that somebody else installed never sees. */
const OF_OUR_DRIVER = [
  ...(["proxy", "clientProfile", "quotaMiB", "alienCache", "configRepository", "ownRepositories", "prefetch"] as const),
  ...(["placement", "priorityClass", "imageMirror"] as const),
];

/** Everything that is wrong with the settings, each with its fix. */
export function cvmfsFindings(settings: CvmfsSettings, at: string): string[] {
  const common = repositoryFindings(settings, at);
  if (settings.install === false) return [...common, ...uninstalledFindings(settings, at)];
  return [
    ...common,
    ...proxyFindings(settings, at),
    ...cacheFindings(settings, at),
    ...ownFindings(settings, at),
    ...prefetchFindings(settings, at),
  ];
}

function repositoryFindings({ repositories }: CvmfsSettings, at: string): string[] {
  if (repositories.length === 0)
    return [`\`${at}.repositories\` is empty. Name the repositories that analyses use, such as \`sft.cern.ch\`.`];
  return repositories
    .filter((repository) => !REPOSITORY.test(repository))
    .map(
      (repository) =>
        `\`${at}.repositories\` has \`${repository}\`, which is no full name of a repository. Write name and domain, such as \`sft.cern.ch\`.`,
    );
}

function uninstalledFindings(settings: CvmfsSettings, at: string): string[] {
  const vain = OF_OUR_DRIVER.filter((field) => settings[field] !== undefined);
  if (vain.length === 0) return [];
  const fields = vain.map((field) => `\`${at}.${field}\``).join(", ");
  return [
    `${fields} would have no effect with \`${at}.install: false\`: the cluster's own driver has its own configuration. Remove them, or let it be installed here.`,
  ];
}

function proxyFindings({ proxy }: CvmfsSettings, at: string): string[] {
  if (proxy === undefined || proxy.trim() === "")
    return [
      `\`${at}.proxy\` is missing. The chart's default is CERN's own proxy, which answers nobody outside CERN. Give your site's, such as \`http://squid.example.org:3128\`, or say \`DIRECT\`, for fewer than five nodes.`,
    ];
  return proxyMembers(proxy)
    .filter((member) => member !== "DIRECT" && member !== "auto" && !PROXY.test(member))
    .map(
      (member) =>
        `\`${at}.proxy\` has \`${member}\`, which is no proxy. Allowed are \`http://host:port\`, \`DIRECT\` and \`auto\`; groups by \`;\`, members of a group by \`|\`.`,
    );
}

function cacheFindings({ quotaMiB, alienCache }: CvmfsSettings, at: string): string[] {
  const findings: string[] = [];
  if (quotaMiB !== undefined && (!Number.isInteger(quotaMiB) || quotaMiB < 1000))
    findings.push(`\`${at}.quotaMiB\` must be 1000 or more, got ${quotaMiB}. Default: 4000.`);
  if (alienCache === undefined) return findings;
  if (quotaMiB !== undefined)
    findings.push(
      `\`${at}.quotaMiB\` and \`${at}.alienCache\` exclude each other: CVMFS does not govern the size of an alien cache. Remove one.`,
    );
  if (alienCache.claim !== undefined && (alienCache.size ?? alienCache.storageClass) !== undefined)
    findings.push(
      `\`${at}.alienCache.claim\` names a claim that is there; remove \`size\` and \`storageClass\`, or the claim.`,
    );
  if (alienCache.claim === undefined && !QUANTITY.test(alienCache.size ?? ""))
    findings.push(
      `\`${at}.alienCache.size\` must be a quantity such as \`500Gi\`, got \`${alienCache.size ?? "nothing"}\`. Or name an existing \`claim\`.`,
    );
  return findings;
}

function ownFindings({ ownRepositories = {}, configRepository, repositories }: CvmfsSettings, at: string): string[] {
  const own = Object.entries(ownRepositories).flatMap(([name, { servers, publicKey }]) => {
    const field = `${at}.ownRepositories.${name}`;
    const findings: string[] = [];
    if (!repositories.includes(name)) findings.push(`\`${field}\` is not among \`${at}.repositories\`. Add it there.`);
    if (servers.length === 0 || servers.some((server) => !/^https?:\/\//.test(server) || UNQUOTABLE.test(server)))
      findings.push(
        `\`${field}.servers\` must be URLs, such as \`http://stratum-1.example.org/cvmfs/@fqrn@\`, got \`${servers.join(", ")}\`.`,
      );
    if (!/^-----BEGIN PUBLIC KEY-----[\sA-Za-z0-9+/=]+-----END PUBLIC KEY-----\s*$/.test(publicKey))
      findings.push(`\`${field}.publicKey\` must be a PEM public key (\`-----BEGIN PUBLIC KEY-----\`).`);
    return findings;
  });
  const config = Object.entries(configRepository ?? {})
    .filter(([, value]) => typeof value === "string" && UNQUOTABLE.test(value))
    .map(([field]) => `\`${at}.configRepository.${field}\` has a character that no name or path has. Remove it.`);
  return [...own, ...config];
}

function prefetchFindings({ prefetch = {}, repositories }: CvmfsSettings, at: string): string[] {
  return Object.entries(prefetch).flatMap(([name, { schedule, paths }]) => {
    const field = `${at}.prefetch.${name}`;
    const findings: string[] = [];
    const fields = schedule.trim().split(/\s+/);
    if (fields.length !== 5 || !fields.every((part) => CRON_FIELD.test(part)))
      findings.push(`\`${field}.schedule\` must be five fields of cron, such as \`0 5 * * *\`, got \`${schedule}\`.`);
    if (paths.length === 0) findings.push(`\`${field}.paths\` is empty. Name what is to be read.`);
    for (const path of paths)
      if (UNQUOTABLE.test(path) || !repositories.includes(/^\/cvmfs\/([^/]+)(\/|$)/.exec(path)?.[1] ?? ""))
        findings.push(
          `\`${field}.paths\` has \`${path}\`, which is in none of the repositories. Paths begin with ${repositories.map((repository) => `\`/cvmfs/${repository}\``).join(" or ")}.`,
        );
    return findings;
  });
}
