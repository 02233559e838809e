import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { parse } from "yaml";

import { type NamedPath, pathsIn } from "../../components/localFiles";
import { factsPath } from "../../stacks/cloud/facts/file";
import { NAMESPACE, readSections } from "../../stacks/config/file";
import { SECTIONS } from "../../stacks/config/schema";

/** A file or folder that a stack's configuration names, and the setting that does. */
export interface NamedFile {
  /** From the repository's root. */
  path: string;
  setting: string;
}

/** A stack of the repository, as far as its files say. */
export interface Stack {
  name: string;
  sections: readonly string[];
  /** Its configuration and the facts recorded for it. */
  own: readonly string[];
  named: readonly NamedFile[];
  /** Stacks of this project that it reads, by the setting that says so. */
  reads: ReadonlyMap<string, string>;
}

/** The stacks that have a configuration file. */
export function readStacks(root: string): Stack[] {
  const names = readdirSync(join(root, "stacks")).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return names.sort().map((name) => readStack(root, name));
}

function readStack(root: string, name: string): Stack {
  const file = join("stacks", `Pulumi.${name}.yaml`);
  const sections = readSections(root, name);
  const named = Object.entries(SECTIONS).flatMap(([key, schema]) =>
    pathsIn(schema, sections[key], [key]).flatMap((path) => namedFiles(root, join(root, file), path)),
  );
  return {
    name,
    sections: Object.keys(sections),
    own: [file, factsPath(name)],
    named,
    reads: readsOf(sections["reads"]),
  };
}

/** A named file and, where it is a document that names others, those. */
function namedFiles(root: string, by: string, { field, value, file }: NamedPath): NamedFile[] {
  const path = file.relativeTo === "project" ? resolve(root, value) : resolve(dirname(by), value);
  const own = { path: relative(root, path), setting: field };
  if (file.document === undefined || !existsSync(path)) return [own];
  return [
    own,
    ...pathsIn(file.document, documentOf(path)).flatMap((inner) =>
      namedFiles(root, path, { ...inner, field: `${field} (${inner.field})` }),
    ),
  ];
}

/** A document with mistakes names nothing; the preview says what is wrong with it. */
function documentOf(path: string): unknown {
  try {
    return parse(readFileSync(path, "utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** Those of other projects are not of this repository. */
function readsOf(section: unknown): Map<string, string> {
  const entries = Object.entries((section ?? {}) as Record<string, unknown>);
  return new Map(
    entries.flatMap(([key, value]): [string, string][] => {
      const [stack, project = NAMESPACE] = String(value).split("/").reverse();
      return stack === undefined || project !== NAMESPACE ? [] : [[`reads.${key}`, stack]];
    }),
  );
}
