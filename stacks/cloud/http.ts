import { readFileSync } from "node:fs";

import { Agent, fetch } from "undici";

import { UserError } from "../../components/errors";
import type { Credentials } from "./credentials";

/** How long an answer may take before the cloud counts as unreachable, in milliseconds. */
const TIMEOUT_MS = 30_000;

type FetchOptions = NonNullable<Parameters<typeof fetch>[1]>;
export type Send = (url: string, options?: Omit<FetchOptions, "dispatcher" | "signal">) => ReturnType<typeof fetch>;

/** Requests under the cloud's TLS settings; a cloud that does not answer is a user error that says who gave it. */
export function httpFor(credentials: Credentials): Send {
  const ca = credentials.caCert === undefined ? undefined : readFileSync(credentials.caCert, "utf8");
  const dispatcher = new Agent({
    connect: { rejectUnauthorized: credentials.verify, ...(ca === undefined ? {} : { ca }) },
  });
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
