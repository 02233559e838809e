/** What a listener got of each sender: how often, and in which order. */
export class Seen {
  /** Messages that came for the first time. */
  distinct = 0;
  /** Messages that had come before. */
  duplicates = 0;
  /** Messages that came after a later one of the same sender. */
  disordered = 0;
  private readonly senders = new Map<number, { times: Set<number>; last: number }>();

  /** True when the message had not come before. */
  add(sender: number, sequence: number): boolean {
    const known = this.senders.get(sender) ?? { times: new Set<number>(), last: -1 };
    this.senders.set(sender, known);
    if (known.times.has(sequence)) {
      this.duplicates += 1;
      return false;
    }
    known.times.add(sequence);
    this.distinct += 1;
    if (sequence < known.last) this.disordered += 1;
    known.last = Math.max(known.last, sequence);
    return true;
  }

  has(sender: number, sequence: number): boolean {
    return this.senders.get(sender)?.times.has(sequence) ?? false;
  }
}
