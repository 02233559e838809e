/** When messages are meant to be sent: decided before the first one, whatever becomes of them. */
export interface Schedule {
  /** Messages a second of all clients together. */
  rate: number;
  /** Clients that share the rate; their messages fall between each other's. */
  clients: number;
  /** Seconds before anything counts, and seconds that count. */
  warmup: number;
  seconds: number;
}

/** Milliseconds after the start at which a client's message is meant to be sent. */
export function intendedAt({ rate, clients }: Schedule, client: number, sequence: number): number {
  return ((sequence * clients + client) * 1000) / rate;
}

/** Messages of a client in all. */
export function countOf(schedule: Schedule, client: number): number {
  const { rate, clients, warmup, seconds } = schedule;
  const all = Math.round(rate * (warmup + seconds));
  return Math.max(0, Math.ceil((all - client) / clients));
}

/** Whether what is meant to be sent then counts. */
export function isCounted({ warmup, seconds }: Pick<Schedule, "warmup" | "seconds">, offset: number): boolean {
  return offset >= warmup * 1000 - 1e-6 && offset < (warmup + seconds) * 1000 - 1e-6;
}
