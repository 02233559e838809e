import { z } from "zod";

import { MEMBERS_KEY } from "../../components/messaging/brokers/rabbitmq/membership";
import type { Finding, StackResource, StackRule } from "../rule";
import { fieldsOf, listOf, textOf, textsIn } from "../values";

const SERVER = "openstack:compute/instance:Instance";
const SERVER_GROUP = "openstack:compute/serverGroup:ServerGroup";

const config = z.strictObject({
  policies: z
    .array(z.enum(["anti-affinity", "soft-anti-affinity"]))
    .min(1)
    .default(["anti-affinity", "soft-anti-affinity"])
    .describe("Policies of a server group that are enough."),
  roles: z
    .array(z.string().min(1))
    .default(["broker", "rabbitmq", "artemis", "kafka", "zookeeper", "etcd", "consul", "galera", "controller"])
    .describe("Last words of names before the number, by which members are known that have no `fabric-members`."),
  smallest: z
    .int()
    .min(2)
    .max(99)
    .default(3)
    .describe("Members from which on a cluster is judged. 3 is the smallest quorum."),
});

type Config = z.output<typeof config>;

/** Refuses members of a quorum that Nova may put onto one hypervisor, whose loss would take the majority away. */
export const quorumAntiAffinity: StackRule<Config> = {
  name: "quorum-anti-affinity",
  description:
    "Members of a cluster that lives by a majority are in one server group that keeps them on different hypervisors.",
  source: "Nova API, Server groups; RabbitMQ, Clustering and Quorum Queues; etcd, Hardware recommendations",
  level: "mandatory",
  config,
  checkStack: (resources, settings) =>
    [...clustersOf(resources, settings)]
      .filter(([, members]) => members.length >= settings.smallest)
      .flatMap(([cluster, members]) => judge(cluster, members, settings)),
};

/** Servers by the cluster that they are members of. */
function clustersOf(resources: readonly StackResource[], { roles }: Config): Map<string, StackResource[]> {
  const clusters = new Map<string, StackResource[]>();
  for (const resource of resources.filter(({ type }) => type === SERVER)) {
    const cluster = clusterOf(resource, roles);
    if (cluster !== undefined) clusters.set(cluster, [...(clusters.get(cluster) ?? []), resource]);
  }
  return clusters;
}

/** By what brokers of this project say in their metadata, else by `<prefix>-<role>-<number>`. */
function clusterOf({ props }: StackResource, roles: readonly string[]): string | undefined {
  const [, stem = "", role] = /^((?:.*?[-_.])?([A-Za-z]+))[-_.]?\d+$/.exec(textOf(props["name"]) ?? "") ?? [];
  if (role !== undefined && roles.includes(role.toLowerCase())) return stem;
  const members = textOf(fieldsOf(props["metadata"])[MEMBERS_KEY]);
  return members?.split(",")[0]?.replace(/[-_.]?\d+$/, "");
}

function judge(
  cluster: string,
  members: readonly StackResource[],
  { policies }: Config,
): (Finding & { resource: StackResource })[] {
  const groups = members.map((member) => ({ member, group: groupOf(member) }));
  const outside = groups.filter(({ group }) => group === undefined || !isEnough(group, policies));
  const keys = new Set(groups.map(({ group }) => group?.key));
  const [first] = members;
  const allowed = `one server group of ${policies.join(" or ")} for all ${members.length} members of ${cluster}`;
  const fix = "make a ServerGroup with that policy, and name it in every member's `schedulerHints[].group`";
  if (outside.length > 0) {
    return outside.map(({ member, group }) => ({ resource: member, found: whatIsWrong(group), allowed, fix }));
  }
  if (keys.size === 1 || first === undefined) return [];
  return [{ resource: first, found: `the members of ${cluster} are in ${keys.size} server groups`, allowed, fix }];
}

interface Group {
  /** Its URN, or its id where the stack does not make it. */
  key: string;
  /** Nothing where the stack does not make it. */
  policies?: string[];
}

/** The server group of a server. In a preview its id is unknown, and only where the hint comes from tells which it is. */
function groupOf({ props, sources }: StackResource): Group | undefined {
  const made = sources["schedulerHints"]?.find(({ type }) => type === SERVER_GROUP);
  if (made !== undefined) return { key: made.urn, policies: textsIn(made.props["policies"]) };
  const id = listOf(props["schedulerHints"])
    .map((hint) => textOf(fieldsOf(hint)["group"]))
    .find((group) => group !== undefined);
  return id === undefined ? undefined : { key: id };
}

/** What a group that the stack only names is for, it does not say. */
function isEnough({ policies }: Group, accepted: readonly string[]): boolean {
  return policies === undefined || policies.some((policy) => accepted.includes(policy));
}

function whatIsWrong(group: Group | undefined): string {
  if (group === undefined) return "`schedulerHints` names no server group";
  return `its server group's \`policies\` are ${(group.policies ?? []).join(", ") || "none"}`;
}
