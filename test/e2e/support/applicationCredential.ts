import { randomBytes } from "node:crypto";

import { z } from "zod";

import { findCredentials } from "../../../components/cloud/credentials";

const tokenSchema = z.object({ token: z.object({ user: z.object({ id: z.string() }) }) });
const createdSchema = z.object({ application_credential: z.object({ id: z.string(), secret: z.string() }) });

/** Creates an application credential of the project's user; gives the variables that log in by it. */
export async function createApplicationCredential(
  env: Readonly<Record<string, string>>,
  unrestricted: boolean,
): Promise<Record<string, string>> {
  const credentials = findCredentials(undefined, env, "/");
  if (credentials === undefined) throw new Error("no cloud");
  const { auth, authUrl } = credentials;
  const base = authUrl.replace(/\/v3\/?$/, "");
  const user = { name: auth["username"], password: auth["password"], domain: { id: "default" } };
  const project = { name: auth["project_name"], domain: { id: "default" } };
  const login = await fetch(`${base}/v3/auth/tokens`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ auth: { identity: { methods: ["password"], password: { user } }, scope: { project } } }),
  });
  const { token } = tokenSchema.parse(await login.json());
  const created = await fetch(`${base}/v3/users/${token.user.id}/application_credentials`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Auth-Token": login.headers.get("x-subject-token") ?? "" },
    body: JSON.stringify({ application_credential: { name: `e2e-${randomBytes(4).toString("hex")}`, unrestricted } }),
  });
  const { application_credential: credential } = createdSchema.parse(await created.json());
  return {
    OS_AUTH_URL: authUrl,
    OS_AUTH_TYPE: "v3applicationcredential",
    OS_APPLICATION_CREDENTIAL_ID: credential.id,
    OS_APPLICATION_CREDENTIAL_SECRET: credential.secret,
  };
}
