import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { UserError } from "../errors";

/** How to log in to a cloud, whichever way the user wrote it down. */
export interface Credentials {
  /** Where they were found, for errors: `clouds.yaml (entry "sandbox")` or `OS_* variables`. */
  origin: string;
  authUrl: string;
  auth: Readonly<Record<string, string>>;
  region?: string;
  interface: string;
  verify: boolean;
  caCert?: string;
}

/** A cloud is asked for by its name, and this machine has no clouds.yaml at all. */
export class NoCloudsFile extends UserError {}

type Env = Readonly<Record<string, string | undefined>>;

const entrySchema = z.looseObject({
  auth: z.record(z.string(), z.coerce.string()).optional(),
  region_name: z.string().optional(),
  interface: z.string().optional(),
  verify: z.boolean().optional(),
  cacert: z.string().optional(),
});
const fileSchema = z.looseObject({ clouds: z.record(z.string(), entrySchema).optional() });

/**
 * Finds the credentials the way OpenStack's own tools do: a named entry of clouds.yaml (configuration, then
 * `OS_CLOUD`), else the `OS_*` variables. Without either there is no cloud: `undefined`.
 */
export function findCredentials(name: string | undefined, env: Env, cwd: string): Credentials | undefined {
  const entry = name ?? env["OS_CLOUD"];
  if (entry !== undefined && entry !== "") return fromCloudsFile(entry, env, cwd);
  return env["OS_AUTH_URL"] === undefined || env["OS_AUTH_URL"] === "" ? undefined : fromEnvironment(env);
}

/**
 * Whether credentials are placeholders: their cloud's name ends in `.invalid`, which no name ever does (RFC 6761). They
 * let a preview configure the provider as its stack was deployed, where nobody is to be let in.
 */
export function leadNowhere({ authUrl }: Pick<Credentials, "authUrl">): boolean {
  return URL.canParse(authUrl) && new URL(authUrl).hostname.endsWith(".invalid");
}

function fromCloudsFile(name: string, env: Env, cwd: string): Credentials {
  const file = findFile("clouds.yaml", env["OS_CLIENT_CONFIG_FILE"], cwd);
  if (file === undefined) {
    throw new NoCloudsFile(
      `Cloud "${name}" was asked for, but no clouds.yaml was found (looked at OS_CLIENT_CONFIG_FILE, this folder, ~/.config/openstack, /etc/openstack).`,
    );
  }
  const clouds = readClouds(file);
  const found = clouds[name];
  if (found === undefined) {
    throw new UserError(`Cloud "${name}" is not in ${file}; it has: ${Object.keys(clouds).join(", ") || "nothing"}.`);
  }
  const secureFile = findFile("secure.yaml", env["OS_CLIENT_SECURE_FILE"], cwd);
  const secure = secureFile === undefined ? undefined : readClouds(secureFile)[name];
  const auth = { ...found.auth, ...secure?.auth };
  if (auth["auth_url"] === undefined) throw new UserError(`Cloud "${name}" in ${file} has no \`auth.auth_url\`.`);
  return {
    origin: `${file} (entry "${name}")`,
    authUrl: auth["auth_url"],
    auth,
    region: env["OS_REGION_NAME"] ?? found.region_name,
    interface: found.interface ?? "public",
    verify: found.verify ?? true,
    caCert: found.cacert,
  };
}

function findFile(name: string, explicit: string | undefined, cwd: string): string | undefined {
  if (explicit !== undefined && explicit !== "") return existsSync(explicit) ? explicit : undefined;
  return [cwd, join(homedir(), ".config/openstack"), "/etc/openstack"]
    .map((dir) => join(dir, name))
    .find((path) => existsSync(path));
}

function readClouds(file: string): Record<string, z.output<typeof entrySchema>> {
  try {
    return fileSchema.parse(parse(readFileSync(file, "utf8"))).clouds ?? {};
  } catch (error) {
    // The parser's own message would quote the line, and with it perhaps a password.
    throw new UserError(
      `${file} cannot be read as a clouds.yaml (${error instanceof Error ? error.name : "unknown error"}).`,
    );
  }
}

function fromEnvironment(env: Env): Credentials {
  const auth = Object.fromEntries(
    Object.entries(env)
      .filter(([key, value]) => key.startsWith("OS_") && value !== undefined && value !== "")
      .map(([key, value]) => [
        key
          .slice(3)
          .toLowerCase()
          .replace(/^tenant_/, "project_"),
        value as string,
      ]),
  );
  return {
    origin: "the OS_* variables",
    authUrl: env["OS_AUTH_URL"] ?? "",
    auth,
    region: env["OS_REGION_NAME"],
    interface: env["OS_INTERFACE"] ?? "public",
    verify: env["OS_INSECURE"] !== "true" && env["OS_INSECURE"] !== "1",
    caCert: env["OS_CACERT"],
  };
}
