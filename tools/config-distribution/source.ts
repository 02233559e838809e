import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";

import { z } from "zod";

import { UserError } from "../../components/errors";
import type { DistributedFile, ServiceFiles } from "../../components/oslo/distribution/files";

export interface FolderOptions {
  /** File names, or paths on the node, that are stored in the clear; all others are secret. */
  plain: readonly string[];
  /** Group on the node by service. */
  groups: Readonly<Record<string, string>>;
}

/** Reads `<folder>/<service>/<path on the node>`, such as `nova/etc/nova/nova.conf`. */
export function readFolder(folder: string, { plain, groups }: FolderOptions): ServiceFiles {
  const services: Record<string, DistributedFile[]> = {};
  const unused = new Set(plain);
  for (const service of entriesOf(folder)) {
    const base = join(folder, service);
    if (!statSync(base).isDirectory()) {
      throw new UserError(
        `${base} is not a folder: files lie in <folder>/<service>/etc/…, such as nova/etc/nova/nova.conf.`,
      );
    }
    services[service] = filesBelow(base).map((file) => {
      const path = `/${relative(base, file)}`;
      const matching = plain.filter((name) => name === basename(path) || name === path);
      for (const name of matching) unused.delete(name);
      return readOne(file, path, matching.length === 0, groups[service]);
    });
  }
  if (unused.size > 0)
    throw new UserError(`\`--plain ${[...unused].join(", ")}\` is the name of no file below ${folder}.`);
  return services;
}

function readOne(file: string, path: string, secret: boolean, group: string | undefined): DistributedFile {
  const bits = statSync(file).mode & (secret ? 0o750 : 0o755);
  return { path, content: text(file), secret, mode: bits.toString(8).padStart(4, "0"), ...(group && { group }) };
}

function text(file: string): string {
  const bytes = readFileSync(file);
  const content = bytes.toString();
  if (Buffer.from(content).equals(bytes)) return content;
  throw new UserError(`${file} is not UTF-8 text; only configuration files are distributed.`);
}

function filesBelow(folder: string): string[] {
  return entriesOf(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw new UserError(`The folder ${folder} cannot be read: ${(error as Error).message}.`);
  }
}

const file = z.strictObject({
  path: z.string(),
  content: z.string(),
  mode: z.string().optional(),
  owner: z.string().optional(),
  group: z.string().optional(),
  secret: z.boolean().default(true),
});
const output = z.record(z.string(), z.array(file));

/** Pulumi's placeholder for a secret that was not asked for. */
const HIDDEN = "[secret]";

/** A part of an output; a hidden one hides its parts, too. */
function within(part: unknown, key: string): unknown {
  return part === HIDDEN ? part : (part as Record<string, unknown> | undefined)?.[key];
}

/** Files by service from a stack's outputs, as `pulumi stack output --json --show-secrets` prints them. */
export function readStackOutput(json: string, name: string): ServiceFiles {
  let outputs: Record<string, unknown>;
  try {
    outputs = JSON.parse(json) as Record<string, unknown>;
  } catch {
    throw new UserError("Standard input is not JSON; pipe `pulumi stack output --json --show-secrets` into this.");
  }
  const value = name.split(".").reduce<unknown>(within, outputs);
  if (value === HIDDEN || JSON.stringify(value)?.includes(`"${HIDDEN}"`)) {
    throw new UserError(`The stack's output "${name}" is hidden; add \`--show-secrets\` to \`pulumi stack output\`.`);
  }
  const parsed = output.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    value === undefined
      ? `The stack has no output "${name}"; it has ${Object.keys(outputs).join(", ") || "none"}. Name it with \`--output\`.`
      : `The stack's output "${name}" at ${issue?.path.join(".") || "its top"}: ${issue?.message}. ` +
          "It must be files by service: { nova: [{ path, content, mode?, owner?, group?, secret? }] }.",
  );
}
