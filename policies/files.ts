import { gunzipSync } from "node:zlib";

import { parse } from "yaml";

import type { Leaf } from "./values";

/** A file within a text, such as one of cloud-config's `write_files`. */
export interface TextFile {
  /** Where it is: the property's path, and the file's path behind it. */
  where: string;
  text: string;
}

/** Below this length nothing is taken for base64: words and ids look like it, too. */
const MIN_BASE64 = 64;

/** No user data is larger: Nova takes 64 KiB of base64. What grows beyond this when it is unpacked is not read. */
const MAX_UNPACKED = 4 * 1024 * 1024;

/**
 * The files that a text stands for: cloud-config's `write_files` one by one and what is around them, else the text
 * itself; base64 and gzip are unpacked. Source: cloud-init, User-data formats and the module Write Files.
 */
export function filesOf({ path, text }: Pick<Leaf, "path" | "text">): TextFile[] {
  const plain = unpacked(text);
  const config = plain.startsWith("#cloud-config") ? cloudConfig(plain) : undefined;
  if (config === undefined) return [{ where: path, text: plain }];
  const { write_files: files, ...rest } = config;
  return [
    { where: path, text: JSON.stringify(rest) },
    ...(Array.isArray(files) ? files : []).flatMap((file) => {
      const { path: name, content } = (file ?? {}) as Record<string, unknown>;
      if (typeof content !== "string") return [];
      return [{ where: `${path} › ${typeof name === "string" ? name : "a file"}`, text: unpacked(content) }];
    }),
  ];
}

function cloudConfig(text: string): Record<string, unknown> | undefined {
  try {
    const config: unknown = parse(text);
    return typeof config === "object" && config !== null ? (config as Record<string, unknown>) : undefined;
  } catch {
    // cloud-init would refuse it, too; it is still read as the text that it is.
    return undefined;
  }
}

function unpacked(text: string): string {
  const compact = text.replace(/\s+/g, "");
  if (compact.length < MIN_BASE64 || compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return text;
  const bytes = Buffer.from(compact, "base64");
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const content = zipped ? gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED }) : bytes;
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return text; // binary, or only looked like it
  }
}
