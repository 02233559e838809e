import type { Topology } from "./topology";

/** What is left of a topology when some interior routers have failed. */
export interface Simulation {
  /** Routers (interior positions, then edges as `interior.length + position`) that others no longer reach. */
  unreachable: number[];
  /** The most links between any two routers that are left. */
  hops: number;
}

/** Neighbours of every interior router. */
export function neighbours(topology: Topology): number[][] {
  const all: number[][] = topology.interior.map(() => []);
  for (const node of topology.interior) {
    for (const { at } of node.links) {
      all[node.at]?.push(at);
      all[at]?.push(node.at);
    }
  }
  return all;
}

/**
 * Fails interior routers and looks who still reaches whom, breadth first from every router: interior links times
 * routers, and one step an edge. An edge moves to its first uplink that is left.
 */
export function simulateFailures(topology: Topology, failed: readonly number[]): Simulation {
  const adjacent = neighbours(topology);
  const dead = new Set(failed);
  const alive = topology.interior.filter((node) => !dead.has(node.at));
  const edgeAt = topology.edges.map((edge) => edge.uplinks.find((at) => !dead.has(at)));
  const withEdge = new Set(edgeAt.filter((at) => at !== undefined));
  const unreachable = new Set<number>();
  let hops = 0;
  for (const node of alive) {
    const distance = distances(adjacent, dead, node.at);
    for (const other of alive) {
      const links = distance[other.at] ?? -1;
      if (links < 0) unreachable.add(other.at);
      else hops = Math.max(hops, links + (withEdge.has(node.at) ? 1 : 0) + (withEdge.has(other.at) ? 1 : 0));
    }
  }
  for (const [position, at] of edgeAt.entries()) {
    if (at === undefined || unreachable.has(at)) unreachable.add(topology.interior.length + position);
  }
  return { unreachable: [...unreachable], hops };
}

function distances(adjacent: readonly number[][], dead: ReadonlySet<number>, from: number): number[] {
  const distance = new Array<number>(adjacent.length).fill(-1);
  distance[from] = 0;
  const queue = [from];
  for (const at of queue) {
    for (const next of adjacent[at] ?? []) {
      if (dead.has(next) || distance[next] !== -1) continue;
      distance[next] = (distance[at] ?? 0) + 1;
      queue.push(next);
    }
  }
  return distance;
}

/** Every choice of `count` interior routers. */
export function* choices(size: number, count: number, from = 0): Generator<number[]> {
  if (count === 0) yield [];
  else
    for (let at = from; at <= size - count; at++)
      for (const rest of choices(size, count - 1, at + 1)) yield [at, ...rest];
}
