import { setTimeout as sleep } from "node:timers/promises";

import { fetch } from "undici";

import { UserError } from "../../components/errors";

/** How long an answer may take, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** How long a forge may make us wait in all, in seconds; a CI job is not to sleep for an hour. */
const PATIENCE_S = 120;

/** Tries of a request that a forge was too busy for. */
const TRIES = 4;

const BUSY = [500, 502, 503, 504];

/** How much of a refusal's text is shown, in characters. */
const SAID = 300;

export interface ApiOptions {
  /** Such as `https://api.github.com`. */
  url: string;
  /** Header that has the token, and its value. Never shown. */
  auth: { header: string; value: string };
  /** What is redacted wherever it would be said. */
  token: string;
}

export interface Answer {
  body: unknown;
  /** URL of the next page of a list; nothing on the last one. */
  next?: string;
}

/** A refusal, with the status and the forge's own words. */
export class ForgeError extends UserError {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A forge's REST API. Waits where it says so; asks again where it is busy and that changes nothing twice. */
export class Api {
  private waited = 0;

  constructor(private readonly options: ApiOptions) {
    const { protocol, hostname } = new URL(options.url);
    const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
    if (protocol !== "https:" && !isLocal)
      throw new UserError(`The API's address must be https://…, got ${options.url}: the token would be readable.`);
  }

  /** @param path Below the API's address, or a page that it named itself. */
  async send(method: "GET" | "PATCH" | "POST" | "PUT", path: string, body?: unknown): Promise<Answer> {
    const url = this.own(path);
    for (let tries = 1; ; tries++) {
      const answer = await this.fetch(method, url, body);
      if (answer.ok) return { body: jsonOf(await answer.text()), next: nextOf(answer.headers.get("link")) };
      const wait = waitOf(answer);
      const isBusy = BUSY.includes(answer.status) && method !== "POST";
      const text = await answer.text();
      if (tries === TRIES || (wait === undefined && !isBusy)) throw this.refused(method, url, answer.status, text);
      await this.pause(wait ?? 2 ** (tries - 1), method, url);
    }
  }

  /** The token goes to the API's own host only, whatever a page names as the next one. */
  private own(path: string): string {
    const root = new URL(this.options.url);
    const url = new URL(path.startsWith("/") ? `${root.href.replace(/\/$/, "")}${path}` : path);
    if (url.origin === root.origin) return url.href;
    throw new UserError(`The API at ${root.origin} names ${url.origin} for its next page, which is not asked.`);
  }

  private async fetch(method: string, url: string, body: unknown): ReturnType<typeof fetch> {
    const { auth } = this.options;
    try {
      return await fetch(url, {
        method,
        headers: {
          [auth.header]: auth.value,
          Accept: "application/json",
          "User-Agent": "openstack-fabric",
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        // A redirected request would take the token along.
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new UserError(this.redacted(`The API at ${new URL(url).origin} cannot be reached: ${why}.`));
    }
  }

  private async pause(seconds: number, method: string, url: string): Promise<void> {
    this.waited += seconds;
    if (this.waited > PATIENCE_S) {
      const what = `${method} ${new URL(url).pathname}`;
      throw new ForgeError(429, `The API asks to wait ${Math.ceil(seconds)} s before ${what}; that is too long here.`);
    }
    await sleep(seconds * 1000);
  }

  private refused(method: string, url: string, status: number, text: string): ForgeError {
    const said = this.redacted(text.slice(0, SAID).trim());
    return new ForgeError(status, `The API answered ${status} to ${method} ${new URL(url).pathname}: ${said}`);
  }

  private redacted(text: string): string {
    return text.replaceAll(this.options.token, "[token]");
  }
}

/**
 * Seconds that an answer asks to wait; nothing where it refuses for good. GitHub says 403 for its secondary limits, with
 * `Retry-After`, and for the primary one with nothing remaining. Source: GitHub REST, "Rate limits for the REST API".
 */
function waitOf({ status, headers }: { status: number; headers: { get(name: string): string | null } }) {
  const after = headers.get("retry-after");
  const isLimit =
    status === 429 || (status === 403 && (after !== null || headers.get("x-ratelimit-remaining") === "0"));
  if (!isLimit) return undefined;
  if (after !== null) return secondsOf(after);
  const reset = Number(headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset"));
  return reset > 0 ? Math.max(1, reset - Date.now() / 1000) : 1;
}

/** Nothing where an answer is no JSON, as those of gateways are. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Of `Retry-After`: seconds, or a date. */
function secondsOf(after: string): number {
  const seconds = Number(after);
  return Math.max(0, Number.isNaN(seconds) ? (Date.parse(after) - Date.now()) / 1000 || 1 : seconds);
}

/** Source: RFC 8288; both forges give the next page so. */
function nextOf(link: string | null): string | undefined {
  return /<([^>]+)>;[^,]*\brel="?next"?/.exec(link ?? "")?.[1];
}
