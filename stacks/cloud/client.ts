import { readFileSync } from "node:fs";

import { Agent, fetch } from "undici";
import { z } from "zod";

import { UserError } from "../../components/errors";
import type { Credentials } from "./credentials";

/** How long an answer may take before the cloud counts as unreachable, in milliseconds. */
const TIMEOUT_MS = 30_000;

const tokenSchema = z.object({
  token: z.object({
    project: z.object({ id: z.string(), name: z.string() }).optional(),
    catalog: z
      .array(
        z.object({
          type: z.string(),
          endpoints: z.array(z.object({ interface: z.string(), region: z.string().nullish(), url: z.string() })),
        }),
      )
      .default([]),
  }),
});

/** Services by the names they go by in catalogues, the current one first. */
const SERVICE_TYPES = {
  compute: ["compute"],
  network: ["network"],
  image: ["image"],
  volume: ["block-storage", "volumev3", "block-store"],
  containerInfra: ["container-infra", "container-infrastructure-management"],
  orchestration: ["orchestration"],
  loadBalancer: ["load-balancer"],
  keyManager: ["key-manager"],
} as const;

export type Service = keyof typeof SERVICE_TYPES;

/** A logged-in client of a cloud's APIs. Programs only read by it. */
export interface CloudClient {
  projectId: string;
  /** Whether the catalogue has the service in the region. */
  has(service: Service): boolean;
  /** GETs a path of a service and checks the answer's shape. */
  get<T>(service: Service, path: string, shape: z.ZodType<T>): Promise<T>;
  /** Sends a change; gives the answer's status, since a 404 to a DELETE is as good as a 204. */
  send(method: "DELETE" | "PUT", service: Service, path: string, body?: unknown): Promise<number>;
}

/** Logs in. Errors say what is wrong without a stack: unreachable, or refused. */
export async function connect(credentials: Credentials): Promise<CloudClient> {
  const dispatcher = new Agent({ connect: tlsOptions(credentials) });
  const base = credentials.authUrl.replace(/\/+$/, "").replace(/\/v3$/, "");
  const response = await request(`${base}/v3/auth/tokens`, credentials, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ auth: authBody(credentials) }),
    dispatcher,
  });
  if (!response.ok) throw refused(credentials, response.status);
  const { token } = tokenSchema.parse(await response.json());
  const headers = {
    "X-Auth-Token": response.headers.get("x-subject-token") ?? "",
    Accept: "application/json",
    "Content-Type": "application/json",
    "OpenStack-API-Version": "container-infra latest",
  };
  const call = async (service: Service, path: string, options: FetchOptions = {}) => {
    const root = endpoint(token.catalog, service, credentials);
    if (root === undefined) {
      throw new UserError(`The cloud of ${credentials.origin} has no ${service} service in its catalogue.`);
    }
    return request(`${root.replace(/\/+$/, "")}${path}`, credentials, { ...options, headers, dispatcher });
  };
  return {
    projectId: token.project?.id ?? "",
    has: (service) => endpoint(token.catalog, service, credentials) !== undefined,
    get: async (service, path, shape) => {
      const answer = await call(service, path);
      if (answer.ok) return shape.parse(await answer.json());
      throw new UserError(`The cloud answered ${answer.status} to GET ${path.split("?")[0] ?? path} (${service}).`);
    },
    send: async (method, service, path, body) => {
      const answer = await call(service, path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (answer.ok || answer.status === 404) return answer.status;
      throw new UserError(
        `The cloud answered ${answer.status} to ${method} ${path} (${service}): ${await answer.text()}`,
      );
    },
  };
}

type FetchOptions = NonNullable<Parameters<typeof fetch>[1]>;

async function request(url: string, credentials: Credentials, options: FetchOptions) {
  try {
    return await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause);
    throw new UserError(
      `The cloud at ${new URL(url).origin} cannot be reached: ${reason}. It was given by ${credentials.origin}.`,
    );
  }
}

function refused(credentials: Credentials, status: number): UserError {
  const why = status === 401 ? "wrong user, password or project" : `status ${status}`;
  return new UserError(`The cloud at ${credentials.authUrl} refused the credentials of ${credentials.origin}: ${why}.`);
}

function tlsOptions(credentials: Credentials): { rejectUnauthorized: boolean; ca?: string } {
  const ca = credentials.caCert === undefined ? undefined : readFileSync(credentials.caCert, "utf8");
  return { rejectUnauthorized: credentials.verify, ...(ca === undefined ? {} : { ca }) };
}

/** The body of Keystone v3's authentication, by token, application credential or password. */
function authBody({ auth, origin }: Credentials): Record<string, unknown> {
  if (auth["application_credential_secret"] !== undefined) {
    const user = auth["application_credential_id"] === undefined ? { user: userOf(auth) } : {};
    const credential = {
      id: auth["application_credential_id"],
      name: auth["application_credential_name"],
      secret: auth["application_credential_secret"],
      ...user,
    };
    return { identity: { methods: ["application_credential"], application_credential: credential } };
  }
  if (auth["token"] !== undefined)
    return { identity: { methods: ["token"], token: { id: auth["token"] } }, scope: scopeOf(auth) };
  if (auth["password"] === undefined) {
    throw new UserError(`${origin} has neither a password nor an application credential nor a token.`);
  }
  return {
    identity: { methods: ["password"], password: { user: { ...userOf(auth), password: auth["password"] } } },
    scope: scopeOf(auth),
  };
}

function userOf(auth: Credentials["auth"]): Record<string, unknown> {
  return auth["user_id"] !== undefined
    ? { id: auth["user_id"] }
    : { name: auth["username"], domain: domainOf(auth, "user") };
}

function scopeOf(auth: Credentials["auth"]): Record<string, unknown> {
  const project =
    auth["project_id"] !== undefined
      ? { id: auth["project_id"] }
      : { name: auth["project_name"], domain: domainOf(auth, "project") };
  return { project };
}

function domainOf(auth: Credentials["auth"], kind: "user" | "project"): Record<string, string> {
  const id = auth[`${kind}_domain_id`] ?? auth["domain_id"];
  if (id !== undefined) return { id };
  return { name: auth[`${kind}_domain_name`] ?? auth["domain_name"] ?? auth["default_domain"] ?? "Default" };
}

type Catalog = z.output<typeof tokenSchema>["token"]["catalog"];

function endpoint(catalog: Catalog, service: Service, credentials: Credentials): string | undefined {
  const types: readonly string[] = SERVICE_TYPES[service];
  const candidates = types
    .flatMap((type) => catalog.filter((entry) => entry.type === type))
    .flatMap((entry) => entry.endpoints);
  const fits = candidates.find(
    (candidate) =>
      candidate.interface === credentials.interface.replace(/URL$/, "") &&
      (credentials.region === undefined || candidate.region === undefined || candidate.region === credentials.region),
  );
  if (fits === undefined) return undefined;
  // Neutron and Glance are catalogued without their version.
  if (service === "network" && !/\/v2\.0\/?$/.test(fits.url)) return `${fits.url.replace(/\/+$/, "")}/v2.0`;
  if (service === "loadBalancer") return `${fits.url.replace(/\/+$/, "").replace(/\/v2(\.0)?$/, "")}/v2.0`;
  if (service === "keyManager" && !/\/v1\/?$/.test(fits.url)) return `${fits.url.replace(/\/+$/, "")}/v1`;
  if (service === "image" && !/\/v2\/?$/.test(fits.url)) return `${fits.url.replace(/\/+$/, "")}/v2`;
  return fits.url;
}
