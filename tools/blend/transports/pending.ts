import { SendError } from "./transport";

interface Waiting<T> {
  resolve: (value: T) => void;
  reject: (error: SendError) => void;
  timer: NodeJS.Timeout;
}

/** What was asked and is not answered yet; everything ends by its own timeout at the latest. */
export class Pending<K, T> {
  private readonly waiting = new Map<K, Waiting<T>>();

  /** Waits for the answer to a key, from now on. */
  wait(key: K, timeoutMs: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = () => this.reject(key, new SendError("timeout", `no answer within ${timeoutMs} ms`));
      this.waiting.set(key, { resolve, reject, timer: setTimeout(fail, timeoutMs) });
    });
  }

  /** Whether somebody still waits for it. */
  has(key: K): boolean {
    return this.waiting.has(key);
  }

  resolve(key: K, value: T): void {
    this.take(key)?.resolve(value);
  }

  reject(key: K, error: SendError): void {
    this.take(key)?.reject(error);
  }

  rejectAll(error: SendError): void {
    for (const key of [...this.waiting.keys()]) this.reject(key, error);
  }

  private take(key: K): Waiting<T> | undefined {
    const found = this.waiting.get(key);
    if (found === undefined) return undefined;
    clearTimeout(found.timer);
    this.waiting.delete(key);
    return found;
  }
}

/** A promise that must be kept within some time; `what` begins the message of the error. */
export async function within<T>(what: string, work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SendError("timeout", `${what}: not within ${ms} ms`)), ms);
  });
  // Whoever comes second is of no concern.
  work.catch(() => undefined);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
