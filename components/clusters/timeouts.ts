/**
 * Minutes that Magnum took to deploy clusters of a number of nodes, as CERN published them (FOSDEM 2017).
 * Beyond 128 nodes the curve is linear.
 */
const PUBLISHED: readonly (readonly [nodes: number, minutes: number])[] = [
  [2, 2.5],
  [16, 4],
  [32, 4],
  [128, 5.5],
  [512, 14],
  [1000, 23],
];

/** A cloud is rarely as quick as the published one: give it this many times as long, and never less than the floor. */
const MARGIN = 3;
const FLOOR_MINUTES = 30;

/** How long to wait for a cluster of `nodes` nodes, in minutes: interpolated, with a margin. */
export function clusterTimeoutMinutes(nodes: number): number {
  return Math.max(FLOOR_MINUTES, Math.ceil(publishedMinutes(nodes) * MARGIN));
}

function publishedMinutes(nodes: number): number {
  const after = PUBLISHED.findIndex(([size]) => size >= nodes);
  const upper = after === -1 ? PUBLISHED.length - 1 : Math.max(1, after);
  const [n0, m0] = PUBLISHED[upper - 1] ?? [0, 0];
  const [n1, m1] = PUBLISHED[upper] ?? [1, 0];
  return Math.max(m0, m0 + ((nodes - n0) * (m1 - m0)) / (n1 - n0));
}
