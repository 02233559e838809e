import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";

import { attempt, UserError } from "../../errors";
import { isLocal } from "../../localFiles";
import { parseDefinition } from "./checks";
import type { Definition } from "./definition";
import { lockFindings } from "./lock";

/** A file that goes with a run, by its path below the definition's folder. */
export interface SourceFile {
  path: string;
  content: Buffer;
}

/** A definition with what it names. */
export interface LoadedAnalysis {
  definition: Definition;
  /** Folder of the definition, which its paths are relative to. */
  folder: string;
  /** Files of the code, in order of their paths. */
  code: SourceFile[];
  /** Text of the environment's lock. */
  lock?: string;
  /** SHA-256 of inputs that are paths below the folder, by the input's name. */
  localInputs: Record<string, string>;
}

/** Files that no one means when naming a folder. */
const LEFT_OUT = /^(__pycache__|\..*|.*\.pyc)$/;

/** Reads a definition and what it names; says everything that is missing at once. */
export function loadAnalysis(file: string): LoadedAnalysis {
  if (!existsSync(file)) throw new UserError(`${file}: there is no such file. Give the path of an analysis.yaml.`);
  const definition = parseDefinition(readFileSync(file, "utf8"), file);
  const folder = dirname(file);
  const findings: string[] = [];
  const code = definition.code.files.flatMap(
    (path, index) => attempt(findings, () => filesOf(folder, path, `code.files[${index}]`)) ?? [],
  );
  const lock = definition.environment && attempt(findings, () => lockOf(folder, definition.environment!.lock));
  const localInputs = Object.entries(definition.inputs)
    .filter(([, input]) => isLocal(input.from))
    .map(([name, { from }]) => [name, attempt(findings, () => contentHash(folder, from, `inputs.${name}.from`)) ?? ""]);
  if (findings.length > 0) throw UserError.all(findings.map((finding) => `${file}: ${finding}`));
  return {
    ...{ definition, folder, lock },
    code: unique(code),
    localInputs: Object.fromEntries(localInputs) as Record<string, string>,
  };
}

function filesOf(folder: string, path: string, field: string): SourceFile[] {
  const full = present(folder, path, field);
  if (statSync(full).isFile()) return [{ path: posix.normalize(path), content: readFileSync(full) }];
  const names = readdirSync(full).filter((name) => !LEFT_OUT.test(name));
  return names.flatMap((name) => filesOf(folder, posix.join(path, name), field));
}

function present(folder: string, path: string, field: string): string {
  const full = join(folder, path);
  if (existsSync(full)) return full;
  throw new UserError(`\`${field}\` is ${path}, which is not in ${folder}. Paths are relative to the definition.`);
}

function lockOf(folder: string, path: string): string {
  const text = readFileSync(present(folder, path, "environment.lock"), "utf8");
  const findings = lockFindings(path, text);
  if (findings.length > 0) throw UserError.all(findings);
  return text;
}

function contentHash(folder: string, path: string, field: string): string {
  const files = filesOf(folder, path, field).sort(byPath);
  const hash = createHash("sha256");
  if (files.length === 1 && files[0]?.path === posix.normalize(path))
    return hash.update(files[0].content).digest("hex");
  for (const { path: name, content } of files) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest("hex");
}

function unique(files: SourceFile[]): SourceFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()].sort(byPath);
}

function byPath(a: SourceFile, b: SourceFile): number {
  return a.path < b.path ? -1 : 1;
}
