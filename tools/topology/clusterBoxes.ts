import { changedFirst, type Changes, changeOf, changeOfAll, reasonsOf, signed } from "./changes";
import type { Cluster, Elsewhere, Inventory, Pool, Thing } from "./inventory";
import { type Box, box, byText, counted, type Flow, listed, thousands } from "./model";

/** Clusters, templates, and workloads of a cluster, that are drawn one by one; beyond, they are counted together. */
const MAX_CLUSTERS = 8;
const MAX_TEMPLATES = 6;
const MAX_WORKLOADS = 8;
const MAX_GROUPS = 8;

export interface ClusterBoxes {
  templates: Box[];
  /** Clusters on the stack's network. */
  inside: Box[];
  /** Clusters on networks that Magnum makes for them, and clusters of others. */
  outside: Box[];
  flows: Flow[];
}

interface Group {
  id: string;
  /** Id of the box of the templates that the clusters are made from. */
  template?: string;
  members: Cluster[];
  outside: boolean;
}

/** The Magnum layer: templates, the clusters that are made from them, and what runs on those. */
export function clusterBoxes(inventory: Inventory, changes: Changes | undefined): ClusterBoxes {
  const { templates, elsewhere } = inventory;
  const together = templates.length > MAX_TEMPLATES;
  const groups = grouped(inventory, together);
  const draw = (outside: boolean) =>
    groups.filter((group) => group.outside === outside).map((group) => clusterBox(group, changes));
  return {
    templates: together
      ? [templatesBox(templates, changes)]
      : templates.map((thing) => thingBox(thing, "template", changes)),
    inside: draw(false),
    outside: [...draw(true), ...elsewhere.map((other) => elsewhereBox(other, changes))],
    flows: groups.flatMap((group) => templateFlow(group)),
  };
}

function templateFlow({ id, template, members }: Group): Flow[] {
  if (template === undefined) return [];
  const names = [...new Set(members.flatMap((member) => member.template?.replace(/^template-/, "") ?? []))].sort();
  const tooltip = `${counted(members.length, "cluster")} made from ${names.join(", ")}`;
  return [{ id: `from-${template}-${id}`, kind: "template", from: template, to: id, tooltip }];
}

/** A box for one thing with its own change. */
export function thingBox(thing: Thing, kind: Box["kind"], changes: Changes | undefined): Box {
  const { key, title, lines } = thing;
  const tooltip = [...(thing.tooltip ?? lines), ...reasonsOf(changes, key)];
  return { ...box(key, kind, title, lines), tooltip, change: changeOf(changes, key) };
}

function templatesBox(templates: readonly Thing[], changes: Changes | undefined): Box {
  const names = templates.map(({ title }) => title.replace(/^Template /, ""));
  const change = changeOfAll(
    changes,
    templates.map(({ key }) => key),
  );
  return {
    ...box("templates", "template", counted(names.length, "cluster template"), listed(names)),
    tooltip: names,
    pile: true,
    change,
  };
}

/** Which clusters share a box: each its own as long as they are few, else those of one template and one place. */
function grouped({ clusters }: Inventory, together: boolean): Group[] {
  const few = clusters.length <= MAX_CLUSTERS;
  const groups = new Map<string, Group>();
  for (const cluster of clusters) {
    const template = cluster.template && (together ? "templates" : cluster.template);
    const { outside } = cluster;
    const id = few ? cluster.key : `clusters-${template ?? ""}-${outside ? "own" : "shared"}`;
    const group = groups.get(id) ?? { id, template, members: [], outside };
    groups.set(id, { ...group, members: [...group.members, cluster] });
  }
  return [...groups.values()];
}

function clusterBox(group: Group, changes: Changes | undefined): Box {
  const [alone, ...others] = group.members;
  if (alone !== undefined && others.length === 0) return oneCluster(alone, changes);
  const { id, members, outside } = group;
  const names = changedFirst(members, changes).map(({ key, name }) => signed(name, key, changes));
  const change = changeOfAll(
    changes,
    members.map(({ key }) => key),
  );
  const lines = [...listed(names, 4), ...(outside ? [OWN_NETWORK] : [])];
  const workloads = members.flatMap((member) => member.workloads);
  const children = [...summedPools(id, members, changes), ...workloadBoxes(id, workloads, changes)];
  const tooltip = [...listed(names, 100), ...(outside ? [OWN_NETWORK] : [])];
  return { ...box(id, "cluster", counted(members.length, "cluster"), lines, children), tooltip, pile: true, change };
}

const OWN_NETWORK = "on a network of its own";

function oneCluster(cluster: Cluster, changes: Changes | undefined): Box {
  const { key, name, outside, pools, workloads } = cluster;
  const elsewhere = resized(changes, key).filter((reason) => !/^(nodes|masters) /.test(reason));
  const lines = [...(outside ? [OWN_NETWORK] : []), ...elsewhere];
  const tooltip = [...(outside ? [OWN_NETWORK] : []), ...reasonsOf(changes, key)];
  const children = [...poolBoxes(key, pools, changes), ...workloadBoxes(key, workloads, changes)];
  return { ...box(key, "cluster", `Cluster ${name}`, lines, children), tooltip, change: changeOf(changes, key) };
}

/** Numbers and flavors that change, such as `nodes 24 → 32`. */
function resized(changes: Changes | undefined, key: string): string[] {
  return (changes?.get(key)?.reasons ?? []).filter((reason) => reason.includes(" → "));
}

function poolBoxes(cluster: string, pools: readonly Pool[], changes: Changes | undefined): Box[] {
  const own = pools.filter((pool) => pool.kind !== "nodegroup").map((pool) => poolBox(cluster, pool, changes));
  const groups = pools.filter((pool) => pool.kind === "nodegroup");
  if (groups.length <= MAX_GROUPS) return [...own, ...groups.map((pool) => poolBox(cluster, pool, changes))];
  return [...own, groupsBox(cluster, groups, changes)];
}

function poolBox(cluster: string, pool: Pool, changes: Changes | undefined): Box {
  const { key, kind, name, count, lines } = pool;
  const title = [
    kind === "nodegroup" ? `group ${name}` : name,
    ...(count === undefined ? [] : [`×${thousands(count)}`]),
  ];
  const resizing = key === undefined ? resizedPool(changes, cluster, name) : resized(changes, key);
  return {
    ...box(key ?? `${cluster}-${kind}`, kind, title.join(" "), [...lines, ...resizing]),
    tooltip: [...lines, ...resizing, ...(key === undefined ? [] : reasonsOf(changes, key))],
    pile: (count ?? 1) > 1,
    change: changes && (key === undefined ? partOf(changes, cluster, resizing) : changeOf(changes, key)),
  };
}

/** Masters and workers are made and removed with their cluster, and resized by it. */
function partOf(changes: Changes, cluster: string, resizing: readonly string[]): Box["change"] {
  const operation = changes.get(cluster)?.operation;
  if (operation === undefined || (operation === "update" && resizing.length === 0)) return { counts: {}, single: true };
  return { whole: operation, counts: { [operation]: 1 }, single: true };
}

function resizedPool(changes: Changes | undefined, cluster: string, name: string): string[] {
  return resized(changes, cluster).flatMap((reason) =>
    reason.startsWith(`${name} `) ? [reason.slice(name.length + 1)] : [],
  );
}

/** Node groups that are too many to draw. */
function groupsBox(id: string, groups: readonly Pool[], changes: Changes | undefined): Box {
  const nodes = groups.reduce((sum, group) => sum + (group.count ?? 0), 0);
  const names = [...new Set(groups.map((group) => group.name))].sort(byText);
  const keys = groups.flatMap((group) => group.key ?? []);
  const title = `${counted(groups.length, "node group")} ×${thousands(nodes)}`;
  const tooltip = groups.map((group) => [group.name, `×${thousands(group.count ?? 0)}`, ...group.lines].join("  "));
  return {
    ...box(`${id}-groups`, "nodegroup", title, listed(names, 4)),
    tooltip,
    pile: true,
    change: changeOfAll(changes, keys),
  };
}

/** Of clusters that share a box: their masters, nodes and node groups, summed up. */
function summedPools(id: string, members: readonly Cluster[], changes: Changes | undefined): Box[] {
  const sum = (kind: "masters" | "nodes"): Box => {
    const pools = members.flatMap((member) => member.pools.filter((pool) => pool.kind === kind));
    const count = pools.reduce((total, pool) => total + (pool.count ?? 0), 0);
    const flavors = listed([...new Set(pools.flatMap((pool) => pool.lines))].sort(), 3);
    return poolBox(id, { kind, name: kind, count, lines: flavors }, changes);
  };
  const groups = members.flatMap((member) => member.pools.filter((pool) => pool.kind === "nodegroup"));
  return [sum("masters"), sum("nodes"), ...(groups.length === 0 ? [] : [groupsBox(id, groups, changes)])];
}

function workloadBoxes(id: string, workloads: readonly Thing[], changes: Changes | undefined): Box[] {
  if (workloads.length <= MAX_WORKLOADS) return workloads.map((thing) => thingBox(thing, "workload", changes));
  const isRun = ({ key }: Thing) => key.startsWith("analysis-");
  const runs = workloads.filter(isRun);
  const names = changedFirst(runs, changes).map(({ key, title }) => signed(title, key, changes));
  const change = changeOfAll(
    changes,
    runs.map(({ key }) => key),
  );
  const title = `${thousands(runs.length)} analyses`;
  return [
    ...workloads.filter((thing) => !isRun(thing)).map((thing) => thingBox(thing, "workload", changes)),
    { ...box(`${id}-analyses`, "workload", title, listed(names, 4)), tooltip: names, pile: true, change },
  ];
}

function elsewhereBox({ id, title, lines, workloads }: Elsewhere, changes: Changes | undefined): Box {
  return box(id, "cluster", title, lines, workloadBoxes(id, workloads, changes));
}
