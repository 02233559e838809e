import type { StackPlan } from "../../../stacks/plan";
import type { Link, Server } from "../inventory";
import { counted } from "../model";

/** Pairs of zones that get a label of their own: 4 zones have 6 pairs, and 5 would have 10. */
const MAX_PAIRS = 6;

/** Links of one cost between two places: zones, or a zone and another site. */
interface Bundle {
  ends: [string, string];
  site?: string;
  cost: number;
  count: number;
}

/** Lines of the messaging layer: bundled links of the mesh, and the brokers' cluster. */
export function linksOf(plan: StackPlan): Link[] {
  const all = bundles(plan);
  const here = all.filter((bundle) => bundle.site === undefined);
  const inside = here.filter(({ ends: [from, to] }) => from === to).map(insideLink);
  const between = here.filter(({ ends: [from, to] }) => from !== to);
  const pairs = between.length > MAX_PAIRS ? [meshLink("mesh", between)] : between.map(pairLink);
  return [...inside, ...pairs, ...siteLinks(plan, all), ...brokerLinks(plan)];
}

/** The mesh's links, bundled by the places of their ends: a full mesh of 64 has 2,016, and no eye can follow them. */
function bundles(plan: StackPlan): Bundle[] {
  const routers = plan.messaging?.mesh?.routers ?? [];
  const order = plan.zones.map((zone) => zone.zone);
  const zoneOf = new Map(routers.map((router) => [router.key, router.zone]));
  const found = new Map<string, Bundle>();
  for (const router of routers) {
    for (const { to, cost } of router.links) {
      const zone = zoneOf.get(to);
      const site = zone === undefined ? siteOf(to) : undefined;
      const ends: [string, string] = [zone ?? router.zone, router.zone];
      ends.sort((a, b) => order.indexOf(a) - order.indexOf(b));
      // JSON, because a zone's name may have any character in it.
      const key = JSON.stringify([...ends, site, cost]);
      const bundle = found.get(key) ?? { ends, site, cost, count: 0 };
      found.set(key, { ...bundle, count: bundle.count + 1 });
    }
  }
  return [...found.values()];
}

/** A router of another site is called `<site>-<number>`. */
function siteOf(router: string): string {
  return router.replace(/-\d+$/, "");
}

function insideLink({ ends: [zone], cost, count }: Bundle): Link {
  const lines = [`${counted(count, "link")} inside, cost ${cost}`];
  return { id: `inside-${zone}-${cost}`, kind: "mesh", role: "routers", zones: [zone], count, lines };
}

function pairLink(bundle: Bundle): Link {
  return meshLink(`mesh-${bundle.ends.join("-")}-${bundle.cost}`, [bundle]);
}

function meshLink(id: string, bundled: readonly Bundle[]): Link {
  const zones = [...new Set(bundled.flatMap((bundle) => bundle.ends))];
  const place = zones.length === 2 ? zones.join(" – ") : `all ${zones.length} zones`;
  return { id, kind: "mesh", role: "routers", zones, ...total(bundled, place) };
}

function total(bundled: readonly Bundle[], place: string): Pick<Link, "count" | "lines"> {
  const count = bundled.reduce((sum, bundle) => sum + bundle.count, 0);
  const costs = [...new Set(bundled.map((bundle) => bundle.cost))].sort((a, b) => a - b);
  return { count, lines: [place, `${counted(count, "link")}, cost ${costs.join(", ")}`] };
}

/** To other sites, by links of ours; and from those whose routers open the links, whose number only they know. */
function siteLinks(plan: StackPlan, all: readonly Bundle[]): Link[] {
  const sites = [...new Set(all.flatMap((bundle) => bundle.site ?? []))].sort();
  const zones = [...new Set((plan.messaging?.mesh?.routers ?? []).map((router) => router.zone))];
  const common = (site: string) => ({ id: `site-link-${site}`, kind: "mesh", role: "routers", site }) as const;
  const opened = sites.map((site): Link => {
    const bundled = all.filter((bundle) => bundle.site === site);
    const from = [...new Set(bundled.flatMap((bundle) => bundle.ends))];
    return { ...common(site), zones: from, ...total(bundled, `to site ${site}`) };
  });
  const calling = (plan.messaging?.mesh?.callers ?? []).map(({ site }): Link => {
    return { ...common(site), zones, count: 0, lines: [`from site ${site}`, "links that it opens"] };
  });
  return [...opened, ...calling.filter(({ site }) => !sites.includes(site ?? ""))];
}

/** The brokers' cluster: every member talks to every other. */
function brokerLinks(plan: StackPlan): Link[] {
  const { members = [], quorum } = plan.messaging?.brokers ?? {};
  return clusterLink(members, quorum);
}

/** The cluster that brokers make; nothing for one alone. */
export function clusterLink(members: readonly Pick<Server, "zone">[], quorum?: number): Link[] {
  if (members.length < 2) return [];
  const zones = [...new Set(members.flatMap((member) => member.zone ?? []))];
  const lines = [`cluster of ${members.length}`, ...(quorum === undefined ? [] : [`quorum ${quorum}`])];
  return [{ id: "broker-cluster", kind: "cluster", role: "brokers", zones, count: members.length, lines }];
}
