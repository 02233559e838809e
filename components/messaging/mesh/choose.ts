/** A router that may be chosen. */
export interface Candidate {
  at: number;
  zone: string;
}

/**
 * Chooses routers to link to: the first in the same zone, the others in the other zones in turn. Within a zone it goes
 * by rendezvous hashing: every router is as likely as the others, and one that is added takes over its share only.
 */
export function chooser<T extends Candidate>(
  candidates: readonly T[],
): (who: { name: string; zone: string }, count: number) => T[] {
  const zones = new Map<string, T[]>();
  for (const node of candidates) zones.set(node.zone, [...(zones.get(node.zone) ?? []), node]);
  const names = [...zones.keys()];
  return (who, count) => {
    const seed = hash(who.name);
    const first = Math.max(0, names.indexOf(who.zone));
    const ranked = [...names.slice(first), ...names.slice(0, first)].map((zone) =>
      (zones.get(zone) ?? []).toSorted((a, b) => mix(seed ^ b.at) - mix(seed ^ a.at)),
    );
    const rounds = Math.max(0, ...ranked.map((members) => members.length));
    const inTurn = Array.from({ length: rounds }, (_, round) => ranked.map((members) => members[round]));
    return inTurn
      .flat()
      .filter((node) => node !== undefined)
      .slice(0, count);
  };
}

/** FNV-1a, 32 bits: the same choice on every machine and in every run. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

/** MurmurHash3's finalizer: spreads numbers that lie side by side. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
