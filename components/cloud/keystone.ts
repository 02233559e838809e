import { z } from "zod";

import { UserError } from "../errors";
import { catalogSchema } from "./catalog";
import type { Credentials } from "./credentials";
import type { Send } from "./http";

const tokenSchema = z.object({
  token: z.object({
    project: z.object({ id: z.string(), name: z.string().optional() }).optional(),
    user: z.object({ id: z.string(), name: z.string().optional() }),
    catalog: catalogSchema,
    // Source: keystone/common/render_token.py, 29.1.0.
    application_credential: z.object({ name: z.string(), restricted: z.boolean() }).optional(),
  }),
});

/** What a login gives: the token and what it opens. */
export interface Session {
  token: string;
  projectId: string;
  userId: string;
  /** Names of the project and the user. */
  names: { project?: string; user?: string };
  catalog: z.output<typeof catalogSchema>;
  /** The application credential that the token was given for. A restricted one can create neither trusts nor others. */
  applicationCredential?: { name: string; restricted: boolean };
}

/**
 * Whether a login may manage trusts; asked by listing the user's own, which changes nothing.
 * @throws UserError where Keystone cannot tell.
 */
export async function managesTrusts(credentials: Credentials, session: Session, send: Send): Promise<boolean> {
  const url = `${keystoneRoot(credentials)}/OS-TRUST/trusts?trustor_user_id=${session.userId}`;
  const { ok, status } = await send(url, { headers: { "X-Auth-Token": session.token } });
  if (status >= 500)
    throw new UserError(`The cloud at ${credentials.authUrl} answered ${status} to whether trusts may be managed.`);
  return ok;
}

/** The root of Keystone v3's paths. */
function keystoneRoot({ authUrl }: Credentials): string {
  return `${authUrl.replace(/\/+$/, "").replace(/\/v3$/, "")}/v3`;
}

/** Logs in to Keystone v3. */
export async function logIn(credentials: Credentials, send: Send): Promise<Session> {
  const response = await send(`${keystoneRoot(credentials)}/auth/tokens`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ auth: authBody(credentials) }),
  });
  if (!response.ok) throw refused(credentials, response.status);
  const { token } = tokenSchema.parse(await response.json());
  return {
    token: response.headers.get("x-subject-token") ?? "",
    projectId: token.project?.id ?? "",
    userId: token.user.id,
    names: { project: token.project?.name, user: token.user.name },
    catalog: token.catalog,
    applicationCredential: token.application_credential,
  };
}

function refused(credentials: Credentials, status: number): UserError {
  const why = status === 401 ? "wrong user, password or project" : `status ${status}`;
  return new UserError(`The cloud at ${credentials.authUrl} refused the credentials of ${credentials.origin}: ${why}.`);
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
