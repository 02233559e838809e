import { compareReleases, type Release } from "../releases";
import { escapeDollars, type IsMulti, scalarText, type Sections } from "./ini";

/** Whether a release's oslo.config reads the environment: from 6.6 on. */
export function readsEnvironment(release: Release): boolean {
  return compareReleases(release, "stein") >= 0;
}

/** The variable in which oslo.config looks for an option. */
export function variableName(section: string, option: string): string {
  return `OS_${section.toUpperCase()}__${option.toUpperCase()}`;
}

/**
 * Options as variables for oslo.config, which go over its files. Options with a line a value are left out: the
 * environment's driver takes a text for them and makes an entry of every character.
 */
export function planEnvironment(sections: Sections, isMulti: IsMulti): Record<string, string> {
  const entries = Object.entries(sections).flatMap(([section, options]) =>
    Object.entries(options)
      .filter(([option]) => !isMulti(section, option))
      .map(([option, value]): [string, string] => [
        variableName(section, option),
        escapeDollars(scalarText(value), `[${section}] ${option}`),
      ]),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A file for systemd's `EnvironmentFile=`, which a shell can read, too. */
export function renderEnvironment(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}="${value.replace(/["\\$`]/g, "\\$&")}"\n`)
    .join("");
}
