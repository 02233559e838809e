import { z } from "zod";

/** What a schema says of a text, or of each of a list of texts, that is the path of a file or folder. */
export interface LocalFile {
  /** What it is relative to: the file that says it, or the project. */
  relativeTo: "file" | "project";
  /** Values that are paths, where others are URLs. Default: all. */
  when?: (value: string) => boolean;
  /** The schema of a file that names further ones. Default: it names none. */
  document?: unknown;
}

/**
 * The fields of configurations that name files. A field says so where it is declared (`.register(localFiles, …)`), so that
 * whoever asks which files a stack depends on needs no list of fields.
 */
export const localFiles = z.registry<LocalFile>();

/** A field's value that is a path. */
export interface NamedPath {
  /** Keys that lead to it. */
  field: string;
  value: string;
  file: LocalFile;
}

/** Whether a place is a path relative to something, and no URL and no absolute path. */
export function isLocal(from: string): boolean {
  return !/^(\w+:\/\/|\/)/.test(from);
}

/** The paths that a document names by a schema. The document need not be valid: what has another shape names nothing. */
export function pathsIn(schema: unknown, document: unknown, at: readonly string[] = []): NamedPath[] {
  const own = schema instanceof z.ZodType ? localFiles.get(schema) : undefined;
  if (own !== undefined) return pathsOf(own, document, at);
  if (isWrapper(schema)) return pathsIn(schema.unwrap(), document, at);
  if (typeof document !== "object" || document === null) return [];
  const children = Object.entries(document).flatMap(([key, value]) => {
    const child = childOf(schema, key);
    return child === undefined ? [] : pathsIn(child, value, [...at, key]);
  });
  return children;
}

function pathsOf(file: LocalFile, value: unknown, at: readonly string[]): NamedPath[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values
    .filter((one): one is string => typeof one === "string" && (file.when?.(one) ?? true))
    .map((one) => ({ field: at.join("."), value: one, file }));
}

type Wrapper = z.ZodOptional | z.ZodNullable | z.ZodDefault | z.ZodPrefault;

function isWrapper(schema: unknown): schema is Wrapper {
  return [z.ZodOptional, z.ZodNullable, z.ZodDefault, z.ZodPrefault].some((kind) => schema instanceof kind);
}

function childOf(schema: unknown, key: string): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[key];
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodArray ? schema.element : undefined;
}
