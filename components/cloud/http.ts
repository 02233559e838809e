import { readFileSync } from "node:fs";

import { Agent, fetch, interceptors } from "undici";

import { UserError } from "../errors";
import type { Credentials } from "./credentials";

/** How long an answer may take before the cloud counts as unreachable, in milliseconds. */
const TIMEOUT_MS = 30_000;

/**
 * A busy cloud answers 429 or a 5xx now and then; what only reads is asked again, after 0.3 s, 0.6 s and 1.2 s.
 * A cloud that cannot be connected to is said at once.
 */
const RETRIES = {
  maxRetries: 3,
  minTimeout: 300,
  maxTimeout: 5_000,
  methods: ["GET" as const],
  statusCodes: [429, 500, 502, 503, 504],
  errorCodes: ["ECONNRESET", "UND_ERR_SOCKET"],
  throwOnError: false,
};

type FetchOptions = NonNullable<Parameters<typeof fetch>[1]>;
export type Send = (url: string, options?: Omit<FetchOptions, "dispatcher" | "signal">) => ReturnType<typeof fetch>;

/** Requests under the cloud's TLS settings; a cloud that does not answer is a user error that says who gave it. */
export function httpFor(credentials: Credentials): Send {
  const ca = credentials.caCert === undefined ? undefined : readFileSync(credentials.caCert, "utf8");
  const dispatcher = new Agent({
    connect: { rejectUnauthorized: credentials.verify, ...(ca === undefined ? {} : { ca }) },
  }).compose(interceptors.retry(RETRIES));
  return async (url, options) => {
    try {
      return await fetch(url, { ...options, dispatcher, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new UserError(
        `The cloud at ${new URL(url).origin} cannot be reached: ${reasonOf(error)}. It was given by ${credentials.origin}.`,
      );
    }
  };
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || String((cause as { code?: string }).code);
}
