import type { StackPlan } from "../../stacks/plan";
import { type Bond, counted, groupId } from "./model";

/** Pairs of zones that get a label of their own: 4 zones have 6 pairs, and 5 would have 10. */
const MAX_PAIRS = 6;

interface Bundle {
  zones: [string, string];
  cost: number;
  count: number;
}

/** The mesh's links, bundled by the zones of their ends: a full mesh of 64 has 2,016, and no eye can follow them. */
function bundles(plan: StackPlan): Bundle[] {
  const routers = plan.messaging?.mesh?.routers ?? [];
  const order = plan.zones.map((zone) => zone.zone);
  const zoneOf = new Map(routers.map((router) => [router.key, router.zone]));
  const found = new Map<string, Bundle>();
  for (const router of routers) {
    for (const { to, cost } of router.links) {
      const zones = [zoneOf.get(to) ?? "", router.zone] as [string, string];
      zones.sort((a, b) => order.indexOf(a) - order.indexOf(b));
      // JSON, because a zone's name may have any character in it.
      const key = JSON.stringify([...zones, cost]);
      const bundle = found.get(key) ?? { zones, cost, count: 0 };
      found.set(key, { ...bundle, count: bundle.count + 1 });
    }
  }
  return [...found.values()];
}

/** The links between routers of one zone. */
export function meshInside(plan: StackPlan, zone: string): { count: number; cost: number } | undefined {
  return bundles(plan).find(({ zones: [from, to] }) => from === zone && to === zone);
}

/** The links between routers of different zones: a bond a pair of zones, or one for all if there are too many pairs. */
export function meshBonds(plan: StackPlan): Bond[] {
  const between = bundles(plan).filter(({ zones: [from, to] }) => from !== to);
  if (between.length > MAX_PAIRS) return [meshBond("mesh", between)];
  return between.map((bundle) => meshBond(`mesh-${bundle.zones.join("-")}`, [bundle]));
}

function meshBond(id: string, bundled: readonly Bundle[]): Bond {
  const count = bundled.reduce((sum, bundle) => sum + bundle.count, 0);
  const costs = [...new Set(bundled.map((bundle) => bundle.cost))].sort((a, b) => a - b);
  const zones = [...new Set(bundled.flatMap((bundle) => bundle.zones))];
  return {
    id,
    kind: "mesh",
    ends: zones.map((zone) => groupId("routers", zone)),
    count,
    lines: [
      zones.length === 2 ? zones.join(" – ") : `all ${zones.length} zones`,
      `${counted(count, "link")}, cost ${costs.join(", ")}`,
    ],
  };
}

/** The brokers' cluster: every member talks to every other. */
export function brokerBond(plan: StackPlan): Bond[] {
  const { members = [], quorum = 0 } = plan.messaging?.brokers ?? {};
  const zones = [...new Set(members.map((member) => member.zone))];
  if (members.length < 2) return [];
  return [
    {
      id: "broker-cluster",
      kind: "cluster",
      ends: zones.map((zone) => groupId("brokers", zone)),
      count: members.length,
      lines: [`cluster of ${members.length}`, `quorum ${quorum}`],
    },
  ];
}
