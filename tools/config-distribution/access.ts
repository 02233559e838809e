import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";

import { Option } from "commander";

import { UserError } from "../../components/errors";
import type { StoreAccess } from "./stores/http";

export interface AccessOptions {
  store: string;
  ca?: string;
  cert?: string;
  key?: string;
  user?: string;
  secretFile?: string;
}

/** Options of every command: the store, and how it is entered. */
export const ACCESS_OPTIONS = [
  new Option("--store <url>", "etcd+https://host:port[,host:port][/prefix] or consul+https://…")
    .env("FABRIC_CONFIG_STORE")
    .makeOptionMandatory(),
  new Option("--ca <file>", "authority of the store's certificates (PEM); default: the system's").env(
    "FABRIC_STORE_CA",
  ),
  new Option("--cert <file>", "client certificate (PEM)").env("FABRIC_STORE_CERT"),
  new Option("--key <file>", "key of the client certificate (PEM)").env("FABRIC_STORE_KEY"),
  new Option("--user <name>", "etcd's user").env("FABRIC_STORE_USER"),
  new Option("--secret-file <file>", "etcd's password or Consul's token; or set FABRIC_STORE_SECRET"),
];

export function readAccess(options: AccessOptions): StoreAccess {
  if ((options.cert === undefined) !== (options.key === undefined)) {
    throw new UserError("`--cert` and `--key` belong together: give both or none.");
  }
  const secret =
    options.secretFile === undefined
      ? process.env["FABRIC_STORE_SECRET"]
      : readText(options.secretFile, "--secret-file").trim();
  if (options.user !== undefined && !secret) {
    throw new UserError("`--user` needs a password: give `--secret-file`, or set FABRIC_STORE_SECRET.");
  }
  return {
    ca: options.ca && readText(options.ca, "--ca"),
    cert: options.cert && readText(options.cert, "--cert"),
    key: options.key && readText(options.key, "--key"),
    user: options.user,
    secret: secret || undefined,
  };
}

export function readPublicKey(file: string, option: string): KeyObject {
  return readKey(file, option, createPublicKey);
}

export function readPrivateKey(file: string, option: string): KeyObject {
  return readKey(file, option, createPrivateKey);
}

/** `[service=]file`, repeated, as public keys by service; `*` is every service. */
export function readRecipients(given: readonly string[]): Record<string, KeyObject[]> {
  const recipients: Record<string, KeyObject[]> = {};
  for (const text of given) {
    const [, service = "*", file = ""] = /^(?:([a-z0-9-]+)=)?(.*)$/s.exec(text) ?? [];
    (recipients[service] ??= []).push(readPublicKey(file, "--recipient"));
  }
  return recipients;
}

/** Errors name the file, and never show of it. */
function readKey(file: string, option: string, parse: (pem: string) => KeyObject): KeyObject {
  const pem = readText(file, option);
  try {
    return parse(pem);
  } catch {
    throw new UserError(`\`${option}\`: ${file} is not such a key in PEM.`);
  }
}

function readText(file: string, option: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(`\`${option}\`: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
