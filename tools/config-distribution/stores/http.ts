import { setTimeout as sleep } from "node:timers/promises";

import { Agent, fetch } from "undici";

import { UserError } from "../../../components/errors";

export interface StoreAddress {
  kind: "etcd" | "consul";
  endpoints: string[];
  prefix: string;
}

export interface StoreAccess {
  /** PEM of the store's authority. Default: the system's. */
  ca?: string;
  /** Client certificate and key, as PEM. */
  cert?: string;
  key?: string;
  /** etcd's user. */
  user?: string;
  /** Its password, or Consul's token. */
  secret?: string;
}

export interface Answer {
  status: number;
  text: string;
}

export type Send = (method: string, path: string, body?: string, headers?: Record<string, string>) => Promise<Answer>;

/** How long a store may take to answer, in milliseconds. */
const TIMEOUT_MS = 15_000;
/** Rounds over all endpoints, with a pause between: a cluster that elects a leader answers again within seconds. */
const ROUNDS_MS = [0, 500, 1500];

/** Requests to the first endpoint that can be connected to; what was sent and got no answer is not sent again. */
export function httpOf({ kind, endpoints }: StoreAddress, access: StoreAccess): Send {
  const { ca, cert, key } = access;
  const dispatcher = new Agent({ connect: { ...(ca && { ca }), ...(cert && { cert, key }) } });
  return async (method, path, body, headers) => {
    const failures: string[] = [];
    for (const pause of ROUNDS_MS) {
      await sleep(pause);
      failures.length = 0;
      for (const endpoint of endpoints) {
        try {
          const signal = AbortSignal.timeout(TIMEOUT_MS);
          const response = await fetch(`${endpoint}${path}`, { method, body, headers, dispatcher, signal });
          return { status: response.status, text: await response.text() };
        } catch (error) {
          failures.push(`${endpoint}: ${reasonOf(error)}`);
          if (!notConnected(error) && method !== "GET") throw unreachable(kind, failures, SENT);
        }
      }
    }
    throw unreachable(kind, failures, "Is it up, and are the address, `--ca`, `--cert` and `--key` right?");
  };
}

const SENT = "The connection ended after the request was sent: `status` says what came of it.";

function unreachable(kind: string, failures: readonly string[], advice: string): UserError {
  return new UserError(`${kind} cannot be reached (${failures.join("; ")}). ${advice}`);
}

function causeOf(error: unknown): { code?: string; message?: string } {
  return ((error as { cause?: unknown }).cause ?? error) as { code?: string; message?: string };
}

function notConnected(error: unknown): boolean {
  const code = causeOf(error).code ?? "";
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS|ERR_SSL|DEPTH_|SELF_|UNABLE_)/.test(
    code,
  );
}

function reasonOf(error: unknown): string {
  const { message, code } = causeOf(error);
  return message || code || String(error);
}
