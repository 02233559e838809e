import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ForgeComment {
  id: number;
  body: string;
  author: string;
  system?: boolean;
}

/** An answer that the forge gives instead of doing what it is asked. */
export interface Trouble {
  status: number;
  headers?: Record<string, string>;
  message?: string;
}

const NUMBER = 7;
const GITHUB = { list: `/repos/acme/clouds/issues/${NUMBER}/comments`, one: "/repos/acme/clouds/issues/comments/" };
const GITLAB = { list: `/api/v4/projects/42/merge_requests/${NUMBER}/notes` };

/**
 * A forge on loopback that behaves as GitHub and GitLab say of their comments: pages of at most a hundred with `Link`,
 * 401 without the token, 404 for what is not there, 403 for other people's comments, 422 or 400 for what is too long.
 */
export class ForgeServer {
  readonly comments: ForgeComment[] = [];
  /** `METHOD path` of every request, in order. */
  readonly asked: string[] = [];
  /** Answered first, one a request. */
  readonly troubles: Trouble[] = [];
  private readonly server: Server;
  private next = 1000;

  private constructor(
    private readonly kind: "github" | "gitlab",
    readonly token: string,
  ) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  static async start(kind: "github" | "gitlab", token: string): Promise<ForgeServer> {
    const forge = new ForgeServer(kind, token);
    await new Promise<void>((resolve) => forge.server.listen(0, "127.0.0.1", resolve));
    return forge;
  }

  /** Address of the API, as CI gives it. */
  get url(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.kind === "gitlab" ? "/api/v4" : ""}`;
  }

  get change() {
    return {
      url: this.url,
      token: this.token,
      repository: this.kind === "gitlab" ? "42" : "acme/clouds",
      number: NUMBER,
    };
  }

  add(body: string, author = "somebody", system = false): ForgeComment {
    const comment = { id: this.next++, body, author, system };
    this.comments.push(comment);
    return comment;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    this.asked.push(`${request.method} ${url.pathname}${url.search}`);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const trouble = this.troubles.shift();
    if (trouble !== undefined) {
      for (const [name, value] of Object.entries(trouble.headers ?? {})) response.setHeader(name, value);
      return say(response, trouble.status, { message: trouble.message ?? "trouble" });
    }
    if (!this.knows(request)) return say(response, 401, { message: "Bad credentials" });
    const text = Buffer.concat(chunks).toString();
    const body = text === "" ? "" : String((JSON.parse(text) as { body?: unknown }).body);
    const list = this.kind === "github" ? GITHUB.list : GITLAB.list;
    if (url.pathname === list) return request.method === "GET" ? this.page(url, response) : this.create(body, response);
    const one = this.kind === "github" ? GITHUB.one : `${GITLAB.list}/`;
    const edits = request.method === (this.kind === "github" ? "PATCH" : "PUT");
    if (url.pathname.startsWith(one) && edits)
      return this.update(Number(url.pathname.slice(one.length)), body, response);
    say(response, 404, { message: "Not Found" });
  }

  private knows({ headers }: IncomingMessage): boolean {
    return this.kind === "github"
      ? headers.authorization === `Bearer ${this.token}`
      : headers["private-token"] === this.token;
  }

  private page(url: URL, response: ServerResponse): void {
    const size = Math.min(100, Number(url.searchParams.get("per_page") ?? (this.kind === "github" ? 30 : 20)));
    const page = Number(url.searchParams.get("page") ?? 1);
    if (page * size < this.comments.length) {
      const next = new URL(url);
      next.searchParams.set("page", String(page + 1));
      const first = new URL(url);
      response.setHeader("Link", `<${first.href}>; rel="first", <${next.href}>; rel="next"`);
    }
    say(response, 200, this.comments.slice((page - 1) * size, page * size));
  }

  private create(body: string, response: ServerResponse): void {
    if (this.refusesLength(body, response)) return;
    say(response, 201, this.add(body, "us"));
  }

  private update(id: number, body: string, response: ServerResponse): void {
    const comment = this.comments.find((one) => one.id === id);
    if (comment === undefined) return say(response, 404, { message: "Not Found" });
    if (comment.author !== "us") return say(response, 403, { message: "Resource not accessible by integration" });
    if (this.refusesLength(body, response)) return;
    comment.body = body;
    say(response, 200, comment);
  }

  private refusesLength(body: string, response: ServerResponse): boolean {
    const [limit, status] = this.kind === "github" ? [65_536, 422] : [1_000_000, 400];
    if (body !== "" && body.length <= limit) return false;
    say(response, status, { message: "Validation Failed", errors: [{ field: "body" }] });
    return true;
  }
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}
