import type { z } from "zod";

import { UserError } from "../errors";
import { type Service, serviceRoot } from "./catalog";
import type { Credentials } from "./credentials";
import { httpFor, type Send } from "./http";
import { logIn, managesTrusts, type Session } from "./keystone";
import { type Scrub, scrubber } from "./scrub";

/** How much of a failure's answer is shown, in characters: OpenStack's errors say why in one or two sentences. */
const SAID = 400;

/** An answer that is no success. */
export class CloudError extends UserError {
  constructor(
    readonly status: number,
    request: string,
    answer: string,
  ) {
    super(`The cloud answered ${status} to ${request}: ${answer.slice(0, SAID).trim()}`);
  }
}

/** A logged-in client of a cloud's APIs. Programs only read by it. */
export class CloudClient {
  constructor(
    private readonly credentials: Credentials,
    private readonly session: Session,
    private readonly http: Send,
  ) {}

  get projectId(): string {
    return this.session.projectId;
  }

  /** The application credential that is logged in by, if it is one. */
  get applicationCredential(): Session["applicationCredential"] {
    return this.session.applicationCredential;
  }

  /** Takes out of texts who is logged in, where, and by which secrets. */
  scrubber(kept: ReadonlySet<string>): Scrub {
    return scrubber(this.credentials, this.session, kept);
  }

  /** Whether trusts can be created under this login, which Magnum and Heat do for their users. */
  managesTrusts(): Promise<boolean> {
    return managesTrusts(this.credentials, this.session, this.http);
  }

  /** Whether the catalogue has the service in the region. */
  has(service: Service): boolean {
    return this.rootOf(service) !== undefined;
  }

  /** GETs a path of a service and checks the answer's shape. */
  async get<T>(service: Service, path: string, shape: z.ZodType<T>): Promise<T> {
    const answer = await this.request(service, path);
    return this.understood(answer, `GET ${path.split("?")[0] ?? path} (${service})`, shape);
  }

  /**
   * GETs what may not be there: nothing where the cloud answers one of `absent` (404 by default; 403 where a policy may
   * hide it).
   */
  async find<T>(service: Service, path: string, shape: z.ZodType<T>, absent = [404]): Promise<T | undefined> {
    try {
      return await this.get(service, path, shape);
    } catch (error) {
      if (error instanceof CloudError && absent.includes(error.status)) return undefined;
      throw error;
    }
  }

  /** POSTs a question, such as a server action that only reads, and checks the answer's shape. */
  async ask<T>(service: Service, path: string, body: unknown, shape: z.ZodType<T>): Promise<T> {
    const answer = await this.request(service, path, { method: "POST", body: JSON.stringify(body) });
    return this.understood(answer, `POST ${path} (${service})`, shape);
  }

  private async understood<T>(answer: Awaited<ReturnType<Send>>, what: string, shape: z.ZodType<T>): Promise<T> {
    if (!answer.ok) throw new CloudError(answer.status, what, await answer.text());
    const parsed = shape.safeParse(await answer.json());
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new UserError(`The cloud's answer to ${what} is not understood at \`${where}\`.`);
  }

  /** Sends a change; gives the answer's status, since a 404 to a DELETE is as good as a 204. */
  async send(
    method: "DELETE" | "PATCH" | "POST" | "PUT",
    service: Service,
    path: string,
    body?: unknown,
  ): Promise<number> {
    const answer = await this.request(service, path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.ok || answer.status === 404) return answer.status;
    throw new CloudError(answer.status, `${method} ${path} (${service})`, await answer.text());
  }

  private rootOf(service: Service): string | undefined {
    return serviceRoot(this.session.catalog, service, { ...this.credentials, projectId: this.projectId });
  }

  private request(service: Service, path: string, options?: Parameters<Send>[1]): ReturnType<Send> {
    const root = this.rootOf(service);
    if (root === undefined) {
      throw new UserError(`The cloud of ${this.credentials.origin} has no ${service} service in its catalogue.`);
    }
    const headers = {
      "X-Auth-Token": this.session.token,
      Accept: "application/json",
      "Content-Type": "application/json",
    };
    return this.http(`${root}${path}`, { ...options, headers });
  }
}

/** Logs in. Errors say what is wrong without a stack: unreachable, or refused. */
export async function connect(credentials: Credentials): Promise<CloudClient> {
  const http = httpFor(credentials);
  return new CloudClient(credentials, await logIn(credentials, http), http);
}
