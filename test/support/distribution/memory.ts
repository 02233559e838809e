import { keyLayout } from "../../../components/oslo/distribution/layout";
import type { Target } from "../../../tools/config-distribution/pointer";
import type { Check, Entry, Store, Write } from "../../../tools/config-distribution/stores/store";

/** A store that remembers what was committed, in order. */
export class MemoryStore implements Store {
  readonly kind = "etcd";
  readonly limits = { operations: 100, bytes: 1_000_000 };
  readonly commits: Write[][] = [];
  private readonly entries = new Map<string, Entry>();

  get(key: string): Promise<Entry | undefined> {
    return Promise.resolve(this.entries.get(key));
  }

  list(prefix: string): Promise<Entry[]> {
    return Promise.resolve([...this.entries.values()].filter(({ key }) => key.startsWith(prefix)));
  }

  async keys(prefix: string): Promise<string[]> {
    return (await this.list(prefix)).map(({ key }) => key);
  }

  commit(checks: readonly Check[], writes: readonly Write[]): Promise<boolean> {
    if (checks.some(({ key, revision }) => (this.entries.get(key)?.revision ?? 0) !== revision)) {
      return Promise.resolve(false);
    }
    this.commits.push([...writes]);
    for (const { key, value } of writes) {
      if (value === undefined) this.entries.delete(key);
      else this.entries.set(key, { key, value: Buffer.from(value), revision: this.commits.length });
    }
    return Promise.resolve(true);
  }
}

export function memoryTarget(store: Store): Target {
  return { store, layout: keyLayout("fabric"), progress: () => {} };
}
