import { FULL_MESH } from "./topology";

/**
 * Which routers may be replaced at the same time: for each position, the position that must be done before. The core
 * goes in as many lanes as it may lose routers, the others (nobody's path) by an eighth at a time.
 */
export function rolloutOrder(count: number, connectivity: number): (number | undefined)[] {
  const core = Math.min(count, FULL_MESH);
  const coreLanes = Math.max(1, connectivity - 1);
  const leafLanes = Math.max(1, Math.floor((count - core) / FULL_MESH));
  return Array.from({ length: count }, (_, at) => {
    if (at < core) return at < coreLanes ? undefined : at - coreLanes;
    return at - core < leafLanes ? core - 1 : at - leafLanes;
  });
}

/** The same for edge routers: an eighth of a group at a time. */
export function edgeOrder(count: number): (number | undefined)[] {
  const lanes = Math.max(1, Math.floor(count / 8));
  return Array.from({ length: count }, (_, at) => (at < lanes ? undefined : at - lanes));
}
