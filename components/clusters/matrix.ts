import { UserError } from "../errors";
import { type Release, RELEASES } from "../releases";
import type { Driver, DriverFacts } from "./drivers";
import type { Engine } from "./engines/engine";
import { engineNames, engineOf, findDriver } from "./engines/registry";
import { type Feature, FEATURE_API, FEATURE_WORDS, type Refusal } from "./features";
import { firstRelease, hasMicroversion, lastRelease, magnumOf, within } from "./magnum";

/** What a cloud's operators did to its Magnum. */
export interface Site {
  /** Whose Magnum it is: CERN's knows labels that upstream's does not. Default `upstream`. */
  magnum?: "upstream" | "cern";
  /** Drivers that are installed beside Magnum's own, the preferred one first. */
  drivers?: readonly Driver[];
}

export interface DecisionRequest {
  /** Where the template stands in the configuration, such as `clusters.templates.small`. */
  field: string;
  release: Release;
  /** Magnum's `coe`. */
  engine: string;
  /** The driver, where the template says it. Default: by the image, else the release's own. */
  driver?: Driver;
  /** The image's property `os_distro`, where it is known. */
  distro?: string;
  /** `vm` or `bm`. Default `vm`. */
  serverType?: string;
  site?: Site;
}

/** What makes a template's clusters. */
export interface Decision {
  release: Release;
  /** Version of Magnum that the release has. */
  magnum: string;
  engine: Engine;
  driver: DriverFacts;
}

/**
 * Decides whether a release's Magnum makes an engine, and by which driver.
 * @throws UserError with the reason and the nearest thing that works.
 */
export function decide(request: DecisionRequest): Decision {
  const { field, release } = request;
  const engine = engineOf(request.engine, `${field}.engine`);
  const alive = engine.drivers.filter((driver) => lives(driver, release));
  if (alive.length === 0) throw new UserError(`\`${field}.engine\` ${gone(engine, release)}`);
  const installed = alive.filter((driver) => isInstalled(driver, request.site));
  if (installed.length === 0) throw new UserError(`\`${field}.engine\` ${notInstalled(engine, alive, release)}`);
  const driver =
    request.driver === undefined ? choose(request, engine, installed) : named(request, engine, request.driver);
  const serverType = request.serverType ?? "vm";
  if (!driver.serverTypes.includes(serverType)) {
    throw new UserError(
      `\`${field}.serverType\` must be ${driver.serverTypes.join(" or ")} with driver ${driver.name}, got "${serverType}".`,
    );
  }
  return { release, magnum: magnumOf(release).version, engine, driver };
}

/** Whether a driver of a release can do something; if not, why, and the nearest thing that works. */
export function supports(release: Release, driver: Driver, feature: Feature): true | Refusal {
  const found = findDriver(driver);
  if (found === undefined) throw new Error(`no driver ${driver}`);
  const cannot = `Clusters of ${driver} on ${release} cannot ${FEATURE_WORDS[feature]}: `;
  if (!lives(found.driver, release)) {
    return { reason: `${cannot}${lifetime(found.driver)}.`, instead: found.engine.instead };
  }
  const limit = found.driver.limits[feature];
  if (limit !== undefined && within(release, limit)) {
    return { reason: `${cannot}${limit.reason}.`, instead: limit.instead };
  }
  const api = FEATURE_API[feature];
  if (api === undefined || hasMicroversion(release, api.microversion)) return true;
  const { version, microversion } = magnumOf(release);
  const first = firstRelease((candidate) => hasMicroversion(candidate, api.microversion));
  const since = first === undefined ? `no release up to ${RELEASES.at(-1)} has it` : `${first} is the first with it`;
  return {
    reason: `${cannot}it needs microversion ${api.microversion} of Magnum's API, and ${version} has ${microversion}; ${since}.`,
    instead: api.instead,
  };
}

/** Whether a release has a driver at all. */
function lives(driver: DriverFacts, release: Release): boolean {
  return within(release, driver);
}

function isInstalled(driver: DriverFacts, site: Site | undefined): boolean {
  return !driver.addOn || (site?.drivers ?? []).includes(driver.name);
}

function lifetime({ name, since, until }: DriverFacts): string {
  return until === undefined ? `${name} is there since ${since}` : `${name} was there from ${since} to ${until}`;
}

/** Why no driver of an engine is there at a release. */
function gone(engine: Engine, release: Release): string {
  const has = (candidate: Release) => engine.drivers.some((driver) => lives(driver, candidate));
  const last = lastRelease(has);
  const which =
    last === undefined
      ? "no release has it"
      : RELEASES.indexOf(last) < RELEASES.indexOf(release)
        ? `the last release that had it is ${last}`
        : `the first release that has it is ${firstRelease(has)}`;
  return `"${engine.name}" cannot be created by Magnum of ${release}; ${which}. ${engine.instead}`;
}

function notInstalled(engine: Engine, drivers: readonly DriverFacts[], release: Release): string {
  const names = drivers.map(({ name }) => name);
  return (
    `"${engine.name}" cannot be created by Magnum of ${release} by itself; it takes a driver beside Magnum's own (${names.join(", ")}). ` +
    `Where the cloud has one, say so by \`clusters.site.drivers: [${names[0]}]\`. ${engine.instead}`
  );
}

/** The driver that Magnum will take: by the image where that is known, else the site's, else the release's own. */
function choose(
  { field, release, distro, site, serverType }: DecisionRequest,
  engine: Engine,
  installed: readonly DriverFacts[],
): DriverFacts {
  const preferred = [...installed].sort((a, b) => rank(a, site) - rank(b, site));
  const fitting = preferred.filter((driver) => serverType === undefined || driver.serverTypes.includes(serverType));
  const [first] = fitting.length > 0 ? fitting : preferred;
  if (distro === undefined && first !== undefined) return first;
  const byImage = preferred.find((driver) => distro !== undefined && driver.distros.includes(distro));
  if (byImage !== undefined) return byImage;
  const known = preferred.map((driver) => `${driver.distros.join(", ")} (${driver.name})`).join("; ");
  throw new UserError(
    `\`${field}.image\` has \`os_distro\` "${distro}", of which no driver of ${release} makes ${engine.title}; images that do: ${known}. ` +
      elsewhere(engine, release, distro),
  );
}

/** Drivers that the site lists come in its order, before Magnum's own. */
function rank(driver: DriverFacts, site: Site | undefined): number {
  const place = (site?.drivers ?? []).indexOf(driver.name);
  return place === -1 ? Number.MAX_SAFE_INTEGER : place;
}

/** What would take the image: a driver that is not installed, or an engine of another name. */
function elsewhere(engine: Engine, release: Release, distro: string | undefined): string {
  const addOn = engine.drivers.find(
    (driver) => driver.addOn && lives(driver, release) && driver.distros.includes(distro ?? ""),
  );
  return addOn === undefined
    ? "Take another image."
    : `Where the cloud has ${addOn.name}, which takes it, say so by \`clusters.site.drivers: [${addOn.name}]\`.`;
}

/** The driver that a template names, if it is one that can make it. */
function named({ field, release, site, distro }: DecisionRequest, engine: Engine, name: Driver): DriverFacts {
  const at = `\`${field}.driver\``;
  const found = findDriver(name);
  if (found === undefined || found.engine !== engine) {
    const own = engine.drivers.filter((driver) => lives(driver, release)).map((driver) => driver.name);
    throw new UserError(`${at} must be a driver of ${engine.title} (${own.join(", ")}), got "${name}".`);
  }
  const { driver } = found;
  if (!lives(driver, release)) {
    throw new UserError(`${at} is not there on ${release}: ${lifetime(driver)}. Leave it out, to take what there is.`);
  }
  if (!isInstalled(driver, site)) {
    throw new UserError(
      `${at} ${name} is not part of Magnum. Where the cloud has it, say so by \`clusters.site.drivers: [${name}]\`.`,
    );
  }
  if (distro !== undefined && !driver.distros.includes(distro)) {
    throw new UserError(
      `${at} ${name} takes images with \`os_distro\` ${driver.distros.join(", ")}; the template's has "${distro}".`,
    );
  }
  return driver;
}

/** Engines that a release has at a site, for catalogues and pictures. */
export function enginesOf(release: Release, site?: Site): string[] {
  return engineNames().filter((name) =>
    engineOf(name, "engine").drivers.some((driver) => lives(driver, release) && isInstalled(driver, site)),
  );
}
