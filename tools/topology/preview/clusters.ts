import type { Cluster, Elsewhere, Pool, Thing } from "../inventory";
import { byText } from "../model";
import { componentOf } from "./owners";
import { inputsOf, numberIn, type Step, textIn } from "./read";

const WORKLOADS: Readonly<Record<string, { key: string; title: string }>> = {
  SparkPlatform: { key: "spark", title: "Spark" },
  StandaloneSpark: { key: "spark", title: "Spark" },
  Hub: { key: "hub", title: "JupyterHub" },
  Cvmfs: { key: "cvmfs", title: "CVMFS" },
  Eos: { key: "eos", title: "EOS" },
  EosToken: { key: "eos", title: "EOS" },
};

/** Clusters with the node groups and workloads that a preview shows. */
export function clustersIn(steps: readonly Step[]): Cluster[] {
  const found = new Map<string, Cluster>();
  const at = (key: string): Cluster => found.get(key) ?? emptyCluster(key);
  for (const step of steps) {
    if (step.type === "openstack:containerinfra/cluster:Cluster") addCluster(step, found);
    if (step.type !== "openstack:containerinfra/nodeGroup:NodeGroup") continue;
    const pool = groupPool(step);
    const cluster = at(step.name.slice(0, -pool.name.length - 1));
    found.set(cluster.key, { ...cluster, pools: [...cluster.pools, pool] });
  }
  for (const [provider, workloads] of workloadsIn(steps)) {
    const key = clusterOf(provider);
    if (key !== undefined) found.set(key, { ...at(key), workloads });
  }
  return [...found.values()].sort((a, b) => byText(a.key, b.key));
}

/** What runs on a cluster that is not of this stack. */
export function elsewhereIn(steps: readonly Step[]): Elsewhere[] {
  return [...workloadsIn(steps)]
    .filter(([provider]) => clusterOf(provider) === undefined)
    .map(([provider, workloads]) => ({
      id: `cluster-elsewhere-${provider}`,
      title: provider === "docker" ? "Docker host" : "Kubernetes",
      lines: [],
      workloads,
    }));
}

function emptyCluster(key: string): Cluster {
  return { key, name: key.replace(/^cluster-/, ""), outside: false, pools: [], workloads: [] };
}

/** Of two generations the one that stays gives the numbers. */
function addCluster(step: Step, found: Map<string, Cluster>): void {
  const key = step.parent?.split("::").at(-1) ?? step.name;
  const known = found.get(key);
  if (known !== undefined && known.pools.some(({ kind }) => kind === "masters") && step.operation === "delete") return;
  const { name, nodeCount, masterCount, flavor, masterFlavor } = inputsOf(step);
  const pools: Pool[] = [
    { kind: "masters", name: "masters", count: numberIn(masterCount), lines: given(textIn(masterFlavor)) },
    { kind: "nodes", name: "nodes", count: numberIn(nodeCount), lines: given(textIn(flavor)) },
  ];
  const groups = (known?.pools ?? []).filter(({ kind }) => kind === "nodegroup");
  const cluster = { ...emptyCluster(key), ...known };
  found.set(key, { ...cluster, name: textIn(name) ?? cluster.name, pools: [...pools, ...groups] });
}

function groupPool(step: Step): Pool {
  const { name, nodeCount, maxNodeCount, minNodeCount, flavorId, role } = inputsOf(step);
  const most = numberIn(maxNodeCount);
  const scaled = most === undefined ? [] : [`${numberIn(minNodeCount) ?? numberIn(nodeCount) ?? 0} to ${most}`];
  const facts = [...given(textIn(flavorId)), ...scaled];
  const said = textIn(role);
  const lines = [...(facts.length > 0 ? [facts.join(" · ")] : []), ...(said === undefined ? [] : [`role ${said}`])];
  return {
    key: step.name,
    kind: "nodegroup",
    name: groupName(step.name, textIn(name)),
    count: numberIn(nodeCount),
    lines,
  };
}

/** A group's resource is called by its cluster and its name; where that is not told, it is taken for one word. */
function groupName(resource: string, name: string | undefined): string {
  return name !== undefined && resource.endsWith(`-${name}`) ? name : (resource.split("-").at(-1) ?? "");
}

function given(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

/** `cluster-analysis-client-provider` leads to the cluster of key `analysis`. */
function clusterOf(provider: string): string | undefined {
  return /^(cluster-.+)-client-provider$/.exec(provider)?.[1];
}

/** The analysis layer's things by the provider that leads to where they run. */
function workloadsIn(steps: readonly Step[]): Map<string, Thing[]> {
  const found = new Map<string, Map<string, Thing>>();
  for (const step of steps) {
    const thing = workloadOf(step);
    if (thing === undefined || step.provider === undefined || !/kubernetes:|docker:/.test(step.type)) continue;
    const things = found.get(step.provider) ?? new Map<string, Thing>();
    found.set(step.provider, things.set(thing.key, { ...thing, lines: [] }));
  }
  const sorted = (things: Map<string, Thing>) => [...things.values()].sort((a, b) => byText(a.key, b.key));
  return new Map([...found].map(([provider, things]) => [provider, sorted(things)]));
}

function workloadOf(step: Step): Omit<Thing, "lines"> | undefined {
  const components = step.chain.flatMap((type) => componentOf(type) ?? []);
  const known = components.flatMap((component) => WORKLOADS[component] ?? [])[0];
  if (known !== undefined) return known;
  const parent = step.parent?.split("::").at(-1) ?? "";
  if (components.at(-1) !== "Analysis" || !parent.startsWith("analysis-")) return undefined;
  return { key: parent, title: `Analysis ${parent.slice("analysis-".length)}` };
}
