/** A key with its value. */
export interface Entry {
  key: string;
  value: Buffer;
  /** Grows with each change of the key; 0 stands for a key that is not there. */
  revision: number;
}

/** A key as the caller has seen it. */
export interface Check {
  key: string;
  /** 0: the key must not be there. */
  revision: number;
}

/** A value to put, or a key to delete. */
export interface Write {
  key: string;
  value?: string;
}

/** What etcd and Consul have in common, as far as it is needed here. */
export interface Store {
  readonly kind: "etcd" | "consul";
  /** Most operations, checks and writes together, and most bytes of values in one transaction. */
  readonly limits: { operations: number; bytes: number };
  get(key: string): Promise<Entry | undefined>;
  /** All keys below a prefix, with values. */
  list(prefix: string): Promise<Entry[]>;
  /** All keys below a prefix. */
  keys(prefix: string): Promise<string[]>;
  /** Makes all writes at once if every check holds; else none, and gives false. */
  commit(checks: readonly Check[], writes: readonly Write[]): Promise<boolean>;
}

/** Parts of writes that fit into one transaction each, beside `checks` checks. */
export function batches(store: Store, writes: readonly Write[], checks: number): Write[][] {
  const all: Write[][] = [];
  let bytes = 0;
  for (const write of writes) {
    const size = Buffer.byteLength(write.value ?? "") + Buffer.byteLength(write.key);
    const last = all.at(-1);
    if (last === undefined || last.length + checks >= store.limits.operations || bytes + size > store.limits.bytes) {
      all.push([write]);
      bytes = size;
    } else {
      last.push(write);
      bytes += size;
    }
  }
  return all;
}
