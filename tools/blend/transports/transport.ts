/** What is sent to and fro. RPC is call, cast and fan-out: bracketed, nothing may be stale. Notifications are never lost. */
export const PATTERNS = ["call", "cast", "fanout", "notification"] as const;
export type PatternName = (typeof PATTERNS)[number];

/** `one`: one of those who listen gets a message; `each`: every one does. */
export type Copies = "one" | "each";

/** A middleware, and how to log in to it. */
export interface Target {
  /** The URL's scheme: which client speaks to it. */
  scheme: string;
  /** What reports call it. */
  name: string;
  endpoints: { host: string; port: number }[];
  user: string;
  password: string;
  /** Virtual host, without the slash; empty where there is none. */
  vhost: string;
  /** The URL's query: what only one transport knows, such as `queue=quorum`. */
  options: Record<string, string>;
  /** TLS with this authority as PEM; none: in the clear. `ca` empty: the system's authorities. */
  tls?: { ca: string };
}

/** Takes a message; what it gives is the answer of a call. A message is done when it has resolved. */
export type Handler = (body: Buffer) => Buffer | undefined | Promise<Buffer | undefined>;

export interface Listening {
  pattern: PatternName;
  topic: string;
  /** 0-based; where servers are addressed themselves it says which of the endpoints is its own. */
  index: number;
  handle: Handler;
}

/** Why a call or a message failed, in a word that can be counted. */
export class SendError extends Error {
  constructor(
    readonly kind: "timeout" | "absent" | "refused" | "disconnected",
    text: string,
  ) {
    super(text);
  }
}

/** Whoever sends. */
export interface Client {
  /** Calls and waits; rejects with a `SendError`, at the latest when the time is over. */
  call(topic: string, body: Buffer, timeoutMs: number): Promise<Buffer>;
  /** Resolves once the middleware has taken the message over; rejects at the latest when the time is over. */
  send(pattern: Exclude<PatternName, "call">, topic: string, body: Buffer, timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Whoever listens. */
export interface Server {
  close(): Promise<void>;
}

/** One kind of middleware behind one interface. A client and a server reconnect by themselves. */
export interface Transport {
  /** Patterns whose promises it can keep, and how many get a message; why not, for the others. */
  patterns(target: Target): Record<PatternName, Copies | { refused: string }>;
  /** Whether servers are addressed themselves: each needs an endpoint of its own, and there is no broker. */
  direct: boolean;
  connect(target: Target): Promise<Client>;
  serve(target: Target, listening: Listening): Promise<Server>;
  /** Removes what a topic left in the middleware; nothing where it removes that itself. */
  remove?(target: Target, pattern: PatternName, topic: string): Promise<void>;
}
