import { compareReleases, type Release, RELEASES } from "../releases";
import libraryVersions from "./options/libraries.json";
import config from "./options/oslo.config.json";
import log from "./options/oslo.log.json";
import messaging from "./options/oslo.messaging.json";
import policy from "./options/oslo.policy.json";
import privsep from "./options/oslo.privsep.json";

export const LIBRARY_NAMES = ["oslo.messaging", "oslo.log", "oslo.policy", "oslo.privsep", "oslo.config"] as const;
export type Library = (typeof LIBRARY_NAMES)[number];

export type OptionType = "boolean" | "integer" | "float" | "string" | "port" | "list" | "dict" | "multi";

/** An option over the releases in which it stayed the same. */
export interface OptionFacts {
  since: Release;
  until: Release;
  type: OptionType;
  default: unknown;
  min?: number;
  max?: number;
  choices?: readonly unknown[];
  secret?: boolean;
  /** Names that it had before, as `section.option`; the section is empty where it is the same. */
  was?: readonly string[];
  /** Why it goes away. */
  deprecated?: { since: string; reason: string };
}

type Options = Readonly<Record<string, readonly OptionFacts[]>>;

/** Written by `tools/oslo-options`, from the libraries themselves. */
const CATALOGUE = {
  "oslo.messaging": messaging,
  "oslo.log": log,
  "oslo.policy": policy,
  "oslo.privsep": privsep,
  "oslo.config": config,
} as unknown as Readonly<Record<Library, Readonly<Record<string, Options>>>>;

const VERSIONS = libraryVersions as Readonly<Record<Release, Readonly<Record<string, string>>>>;

/** The newest version of a library in a release's series. */
export function libraryVersion(library: string, release: Release): string {
  return VERSIONS[release][library] ?? "";
}

/** An option, what is known of it at a release, and of which library it is. */
export interface Known {
  library: Library;
  /** What it is at the release; undefined where the release has not got it. */
  facts?: OptionFacts;
  /** All that it ever was. */
  spans: readonly OptionFacts[];
}

/** Finds an option; sections of privsep have the names that services give them. */
export function findOption(section: string, option: string, release: Release): Known | undefined {
  for (const library of LIBRARY_NAMES) {
    const spans = optionsIn(library, section)[option];
    if (spans !== undefined) return { library, spans, facts: spans.find((span) => covers(span, release)) };
  }
  return undefined;
}

function optionsIn(library: Library, section: string): Options {
  const sections = CATALOGUE[library];
  if (library === "oslo.privsep") return isPrivsep(section) ? (sections["privsep"] ?? {}) : {};
  // A section of a configuration source is reached as `remote_file`, whatever it is called in the file.
  return sections[section] ?? {};
}

/** Sections that take oslo.privsep's options: each of a service's contexts has one. */
export function isPrivsep(section: string): boolean {
  return /^privsep(_|$)|_sys_admin$|_privileged$/.test(section);
}

function covers({ since, until }: OptionFacts, release: Release): boolean {
  return compareReleases(release, since) >= 0 && compareReleases(release, until) <= 0;
}

/** Whether a release has an option. */
export function hasOption(section: string, option: string, release: Release): boolean {
  return findOption(section, option, release)?.facts !== undefined;
}

/** Names of a section's options at a release. */
export function optionNames(section: string, release: Release): string[] {
  return LIBRARY_NAMES.flatMap((library) =>
    Object.entries(optionsIn(library, section))
      .filter(([, spans]) => spans.some((span) => covers(span, release)))
      .map(([name]) => name),
  );
}

/** Sections that the libraries have at any release. */
export function sectionNames(): string[] {
  return LIBRARY_NAMES.flatMap((library) => Object.keys(CATALOGUE[library])).filter((name) => name !== "remote_file");
}

/** The option that took over another's name, if one says so at the release: `section.option`. */
export function successorOf(section: string, option: string, release: Release): string | undefined {
  for (const library of LIBRARY_NAMES) {
    for (const [there, options] of Object.entries(CATALOGUE[library])) {
      for (const [name, spans] of Object.entries(options)) {
        const facts = spans.find((span) => covers(span, release));
        const old = facts?.was?.map((was) => (was.startsWith(".") ? `${there}${was}` : was)) ?? [];
        if (old.includes(`${section}.${option}`) && `${there}.${name}` !== `${section}.${option}`)
          return `${there}.${name}`;
      }
    }
  }
  return undefined;
}

/** The release after another, if there is one. */
export function releaseAfter(release: Release): Release | undefined {
  return RELEASES[RELEASES.indexOf(release) + 1];
}
