import { UserError } from "../../../components/errors";
import type { Send, StoreAccess } from "./http";
import type { Check, Entry, Store, Write } from "./store";

interface KeyValue {
  key: string;
  value?: string;
  mod_revision: string;
}

interface RangeAnswer {
  kvs?: KeyValue[];
}

/**
 * etcd v3 by its JSON gateway, which is part of every etcd: four requests of it do, and the client for Node.js (etcd3)
 * brings all of gRPC.
 */
export class Etcd implements Store {
  readonly kind = "etcd";
  // Defaults of `--max-txn-ops` (128) and `--max-request-bytes` (1.5 MiB), with room for keys and framing.
  readonly limits = { operations: 120, bytes: 1_000_000 };
  private token: string | undefined;

  constructor(
    private readonly send: Send,
    private readonly access: StoreAccess,
  ) {}

  async get(key: string): Promise<Entry | undefined> {
    const { kvs } = await this.call<RangeAnswer>("range", { key: encode(key) });
    return kvs?.map(entryOf)[0];
  }

  async list(prefix: string): Promise<Entry[]> {
    const { kvs } = await this.call<RangeAnswer>("range", rangeOf(prefix));
    return (kvs ?? []).map(entryOf);
  }

  async keys(prefix: string): Promise<string[]> {
    const { kvs } = await this.call<RangeAnswer>("range", { ...rangeOf(prefix), keys_only: true });
    return (kvs ?? []).map(entryOf).map(({ key }) => key);
  }

  async commit(checks: readonly Check[], writes: readonly Write[]): Promise<boolean> {
    const { succeeded } = await this.call<{ succeeded?: boolean }>("txn", {
      compare: checks.map(({ key, revision }) => ({
        key: encode(key),
        target: "MOD",
        result: "EQUAL",
        mod_revision: String(revision),
      })),
      success: writes.map(({ key, value }) =>
        value === undefined
          ? { request_delete_range: { key: encode(key) } }
          : { request_put: { key: encode(key), value: encode(value) } },
      ),
    });
    return succeeded === true;
  }

  private async call<T>(what: string, body: unknown): Promise<T> {
    if (this.access.user !== undefined && this.token === undefined) await this.logIn(this.access.user);
    const headers: Record<string, string> = this.token === undefined ? {} : { authorization: this.token };
    const { status, text } = await this.send("POST", `/v3/kv/${what}`, JSON.stringify(body), headers);
    if (status === 200) return JSON.parse(text) as T;
    const who = this.access.user === undefined ? "without a user" : `user ${this.access.user}`;
    throw new UserError(
      status === 403 || /permission denied|user name is empty/.test(text)
        ? `etcd denies this (${who}): ${messageOf(text)}. Give \`--user\` one whose role may write the prefix.`
        : `etcd answers ${status}: ${messageOf(text)}`,
    );
  }

  private async logIn(name: string): Promise<void> {
    const body = JSON.stringify({ name, password: this.access.secret ?? "" });
    const { status, text } = await this.send("POST", "/v3/auth/authenticate", body);
    if (status !== 200) throw new UserError(`etcd does not let user ${name} in: ${messageOf(text)}. ${adviceOn(text)}`);
    this.token = (JSON.parse(text) as { token: string }).token;
  }
}

/** While users are on, the gateway refuses client certificates with a common name: it could not act on it. */
function adviceOn(text: string): string {
  if (text.includes("CommonName")) return "Give a client certificate whose subject has no CN, or none.";
  return "Check `--user` and `--secret-file`.";
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}

function rangeOf(prefix: string) {
  const end = Buffer.from(prefix);
  end[end.length - 1] = (end.at(-1) ?? 0) + 1;
  return { key: encode(prefix), range_end: end.toString("base64") };
}

function entryOf({ key, value, mod_revision }: KeyValue): Entry {
  return {
    key: Buffer.from(key, "base64").toString(),
    value: Buffer.from(value ?? "", "base64"),
    revision: Number(mod_revision),
  };
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text.trim().slice(0, 200);
  }
}
