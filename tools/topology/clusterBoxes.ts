import type { TemplatePlan } from "../../components/clusters/templatePlan";
import type { StackConfig } from "../../stacks/config/schema";
import type { ClusterPlan, StackPlan } from "../../stacks/plan";
import { type Box, box, counted, type Flow, listed, thousands } from "./model";

/** Clusters, and templates, that are drawn one by one; beyond, they are counted together. */
const MAX_CLUSTERS = 8;
const MAX_TEMPLATES = 6;

export interface ClusterBoxes {
  templates: Box[];
  /** Clusters on the stack's network. */
  inside: Box[];
  /** Clusters on networks that Magnum makes for them. */
  outside: Box[];
  flows: Flow[];
}

interface Group {
  id: string;
  /** Id of the box of the templates that the clusters are made from. */
  template: string;
  members: ClusterPlan[];
  outside: boolean;
}

/** The Magnum layer: templates, and the clusters that are made from them. */
export function clusterBoxes(config: StackConfig, plan: StackPlan): ClusterBoxes {
  const keys = Object.keys(plan.templates).sort();
  const together = keys.length > MAX_TEMPLATES;
  const groups = grouped(config, plan, together);
  const draw = (outside: boolean) => groups.filter((group) => group.outside === outside).map(clusterBox);
  return {
    templates: together ? [templatesBox(keys)] : keys.flatMap((key) => templateBox(key, plan.templates[key])),
    inside: draw(false),
    outside: draw(true),
    flows: groups.map((group) => ({
      id: `from-${group.template}-${group.id}`,
      kind: "template",
      from: group.template,
      to: group.id,
      tooltip: `${counted(group.members.length, "cluster")} made from ${[...new Set(group.members.map((member) => member.template))].sort().join(", ")}`,
    })),
  };
}

function templateBox(key: string, template: TemplatePlan | undefined): Box[] {
  if (template === undefined) return [];
  const drivers = [template.networkDriver, template.volumeDriver].filter((driver) => driver !== undefined);
  const facts = [...drivers, ...(template.masterLoadBalancer ? ["load balancer"] : [])];
  const lines = [`${template.engine} on ${template.image}`, ...(facts.length === 0 ? [] : [facts.join(" · ")])];
  const tooltip = [template.name, ...lines];
  return [{ ...box(`template-${key}`, "template", `Template ${key}`, lines), tooltip }];
}

function templatesBox(keys: readonly string[]): Box {
  return {
    ...box("templates", "template", counted(keys.length, "cluster template"), listed(keys)),
    tooltip: [...keys],
    pile: true,
  };
}

/** Which clusters share a box: each its own as long as they are few, else those of one template and one place. */
function grouped(config: StackConfig, plan: StackPlan, together: boolean): Group[] {
  const few = plan.clusters.length <= MAX_CLUSTERS;
  const groups = new Map<string, Group>();
  for (const cluster of [...plan.clusters].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const outside = config.clusters?.clusters[cluster.key]?.ownNetwork === true;
    const template = together ? "templates" : `template-${cluster.template}`;
    const id = few ? `cluster-${cluster.key}` : `clusters-${template}-${outside ? "own" : "shared"}`;
    const group = groups.get(id) ?? { id, template, members: [], outside };
    groups.set(id, { ...group, members: [...group.members, cluster] });
  }
  return [...groups.values()];
}

function clusterBox({ id, members, outside }: Group): Box {
  const names = members.map((member) => member.name);
  const alone = members.length === 1;
  const title = alone ? `Cluster ${names[0] ?? ""}` : counted(members.length, "cluster");
  const place = outside ? ["on a network of its own"] : [];
  const lines = alone ? place : [...listed(names, 4), ...place];
  const flavors = (of: (member: ClusterPlan) => string) => listed([...new Set(members.map(of))].sort(), 3);
  return {
    ...box(id, "cluster", title, lines, [
      numberBox(
        id,
        "masters",
        members,
        (member) => member.masters,
        flavors((member) => member.masterFlavor),
      ),
      numberBox(
        id,
        "nodes",
        members,
        (member) => member.nodes,
        flavors((member) => member.flavor),
      ),
    ]),
    tooltip: [...listed(names, 100), ...place],
    pile: !alone,
  };
}

function numberBox(
  cluster: string,
  kind: "masters" | "nodes",
  members: readonly ClusterPlan[],
  of: (member: ClusterPlan) => number,
  lines: string[],
): Box {
  const count = members.reduce((sum, member) => sum + of(member), 0);
  return { ...box(`${cluster}-${kind}`, kind, `${kind} ×${thousands(count)}`, lines), pile: count > 1 };
}
