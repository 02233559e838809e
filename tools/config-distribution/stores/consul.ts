import { UserError } from "../../../components/errors";
import type { Send, StoreAccess } from "./http";
import type { Check, Entry, Store, Write } from "./store";

interface KeyValue {
  Key: string;
  Value: string | null;
  ModifyIndex: number;
}

/** Consul's key-value store; reads are consistent ones, so that a follower never gives what was. */
export class Consul implements Store {
  readonly kind = "consul";
  // Since 1.0 a transaction has 64 operations, and `txn_max_req_len` (512 KiB) holds for values in base64.
  readonly limits = { operations: 60, bytes: 340_000 };

  constructor(
    private readonly send: Send,
    private readonly access: StoreAccess,
  ) {}

  async get(key: string): Promise<Entry | undefined> {
    return (await this.read<KeyValue[]>(`${path(key)}?consistent`))?.map(entryOf)[0];
  }

  async list(prefix: string): Promise<Entry[]> {
    return ((await this.read<KeyValue[]>(`${path(prefix)}?recurse&consistent`)) ?? []).map(entryOf);
  }

  async keys(prefix: string): Promise<string[]> {
    return (await this.read<string[]>(`${path(prefix)}?keys&consistent`)) ?? [];
  }

  async commit(checks: readonly Check[], writes: readonly Write[]): Promise<boolean> {
    const operations = [
      ...checks.map(({ key, revision }) =>
        revision === 0 ? { Verb: "check-not-exists", Key: key } : { Verb: "check-index", Key: key, Index: revision },
      ),
      ...writes.map(({ key, value }) =>
        value === undefined
          ? { Verb: "delete", Key: key }
          : { Verb: "set", Key: key, Value: Buffer.from(value).toString("base64") },
      ),
    ];
    const body = JSON.stringify(operations.map((KV) => ({ KV })));
    const { status, text } = await this.send("PUT", "/v1/txn", body, this.headers());
    if (status === 200) return true;
    if (status === 409 && !/permission denied/i.test(text)) return false;
    throw refused(status, text);
  }

  private async read<T>(resource: string): Promise<T | undefined> {
    const { status, text } = await this.send("GET", resource, undefined, this.headers());
    if (status === 404) return undefined;
    if (status !== 200) throw refused(status, text);
    return JSON.parse(text) as T;
  }

  private headers(): Record<string, string> {
    return this.access.secret === undefined ? {} : { "x-consul-token": this.access.secret };
  }
}

function path(key: string): string {
  return `/v1/kv/${key.split("/").map(encodeURIComponent).join("/")}`;
}

function entryOf({ Key, Value, ModifyIndex }: KeyValue): Entry {
  return { key: Key, value: Buffer.from(Value ?? "", "base64"), revision: ModifyIndex };
}

function refused(status: number, text: string): UserError {
  const denied = status === 403 || /permission denied|ACL not found/i.test(text);
  return new UserError(
    denied
      ? `consul denies this: ${text.slice(0, 200)}. Give a token whose policy has key_prefix write on the prefix.`
      : `consul answers ${status}: ${text.slice(0, 200)}`,
  );
}
