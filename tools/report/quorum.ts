import { z } from "zod";

import { MEMBERS_KEY } from "../../components/messaging/brokers/rabbitmq/membership";
import { urnParts } from "../../components/urn";
import type { Change } from "./model";
import type { Step } from "./preview";
import { BROKERS } from "./stakes";
import { kindOf } from "./urn";

const MEMBER = /^(openstack:compute\/instance:Instance|docker:index\/container:Container)$/;

/** The cluster that a resource is a member of: its name, such as `messaging-broker` of `messaging-broker-02`. */
function clusterOf(urn: string): string | undefined {
  const { types, type, name } = urnParts(urn);
  if (!MEMBER.test(type)) return undefined;
  if (!types.slice(0, -1).some((parent) => BROKERS.some((component) => component === kindOf(parent)))) return undefined;
  return name.replace(/-\d+$/, "");
}

/**
 * How many members a cluster has before the update. A preview names only what changes, so each server says its peers in
 * its metadata; nothing where none does.
 */
function sizeOf(cluster: string, steps: readonly Step[]): number | undefined {
  const before = steps.filter(({ urn, oldState }) => oldState && clusterOf(urn) === cluster);
  const sizes = before.map(({ oldState }) => {
    const metadata = z.object({ [MEMBERS_KEY]: z.string() }).safeParse(oldState?.inputs?.["metadata"]);
    return metadata.success ? (metadata.data[MEMBERS_KEY] ?? "").split(",").length : 0;
  });
  const said = Math.max(0, ...sizes);
  return said === 0 ? undefined : Math.max(said, before.length);
}

/**
 * Says of every broker that is replaced or deleted how many members its cluster has, and whether enough are left.
 * A cluster of n members needs n/2 + 1 of them, rounded down.
 */
export function judgeQuorums(changes: readonly Change[], steps: readonly Step[]): Change[] {
  const lost = new Map<string, number>();
  for (const { urn, atStake } of changes) {
    const cluster = atStake?.kind === "quorum" ? clusterOf(urn) : undefined;
    if (cluster !== undefined) lost.set(cluster, (lost.get(cluster) ?? 0) + 1);
  }
  const sizes = new Map([...lost.keys()].map((cluster) => [cluster, sizeOf(cluster, steps)]));
  return changes.map((change) => {
    const cluster = change.atStake?.kind === "quorum" ? clusterOf(change.urn) : undefined;
    if (cluster === undefined) return change;
    return { ...change, atStake: verdictOf(change, sizes.get(cluster), lost.get(cluster) ?? 1) };
  });
}

function verdictOf({ operation }: Change, size: number | undefined, lost: number): NonNullable<Change["atStake"]> {
  const done = operation === "replace" ? "replaced" : "deleted";
  if (size === 1) return { kind: "quorum-lost", what: `the only broker is ${done}` };
  if (size === undefined && lost === 1) return { kind: "quorum", what: "a broker, a member of its cluster's quorum" };
  const all = size === undefined ? `${lost} brokers` : `${lost} of ${size} brokers`;
  const needed = size === undefined ? "" : `, and ${Math.floor(size / 2) + 1} must stay`;
  if (size !== undefined && size - lost >= Math.floor(size / 2) + 1) {
    return { kind: "quorum", what: `a member of the quorum: ${all} ${lost === 1 ? "goes" : "go"}${needed}` };
  }
  const inTurn = operation === "replace" ? "; it is kept only if each rejoins before the next goes" : "";
  return { kind: "quorum-lost", what: `the quorum: ${all} go${needed}${inTurn}` };
}
