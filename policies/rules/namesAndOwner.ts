import { z } from "zod";

import { MAX_HOST_NAME, ownerTag } from "../../components/names";
import { urnParts } from "../../components/urn";
import type { Finding, Resource, ResourceRule } from "../rule";
import { fieldsOf, isUnknown, listOf, textOf, textsIn } from "../values";

/** Where a type of resource says who owns it. */
type Mark = "tags" | "metadata" | "labels" | "none";

/** What has a name in the cloud. Server groups and what Magnum makes have no place for an owner. */
const NAMED: Readonly<Record<string, Mark>> = {
  "openstack:networking/network:Network": "tags",
  "openstack:networking/subnet:Subnet": "tags",
  "openstack:networking/router:Router": "tags",
  "openstack:networking/port:Port": "tags",
  "openstack:networking/secGroup:SecGroup": "tags",
  "openstack:compute/instance:Instance": "metadata",
  "openstack:blockstorage/volume:Volume": "metadata",
  "openstack:compute/serverGroup:ServerGroup": "none",
  "openstack:containerinfra/cluster:Cluster": "none",
  "openstack:containerinfra/clusterTemplate:ClusterTemplate": "none",
  "docker:index/network:Network": "labels",
  "docker:index/volume:Volume": "labels",
  "docker:index/container:Container": "labels",
};

const config = z.strictObject({
  prefix: z
    .string()
    .min(1)
    .optional()
    .describe("Prefix of every name. Default: the stack's name, as `cloud.prefix` is."),
});

/** Refuses what nobody can tell the owner of, and what recovery and other stacks would take for a stranger's. */
export const namesAndOwner: ResourceRule<z.output<typeof config>> = {
  name: "names-and-owner",
  description:
    "What has a name in the cloud begins with the stack's prefix and is a host name; what can say whose it is says `fabric-stack`.",
  source: "components/names.ts of this project; RFC 1123, 2.1",
  level: "mandatory",
  config,
  check(resource, { prefix }) {
    const mark = NAMED[resource.type];
    if (mark === undefined) return [];
    const { stack, project } = urnParts(resource.urn);
    return [...nameFindings(resource, prefix ?? stack), ...ownerFindings(resource, mark, project, stack)];
  },
};

const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

function nameFindings({ props }: Resource, prefix: string): Finding[] {
  if (isUnknown(props["name"])) return [];
  const name = textOf(props["name"]) ?? "";
  if ((name === prefix || name.startsWith(`${prefix}-`)) && name.length <= MAX_HOST_NAME && LABEL.test(name)) return [];
  return [
    {
      found: `\`name\` is "${name}"`,
      allowed: `\`${prefix}-…\` in lower case, digits and hyphens, up to ${MAX_HOST_NAME} characters`,
      fix: "name it so (resourceName in components/names.ts), or give another `prefix` to this rule",
    },
  ];
}

function ownerFindings({ props }: Resource, mark: Mark, project: string, stack: string): Finding[] {
  if (mark === "none" || isUnknown(props[mark])) return [];
  const owner = `${project}/${stack}`;
  const readers: Record<Exclude<Mark, "none">, () => boolean> = {
    tags: () => textsIn(props["tags"]).includes(ownerTag(owner)) || listOf(props["tags"]).some(isUnknown),
    metadata: () => textOf(fieldsOf(props["metadata"])["fabric-stack"]) === owner,
    labels: () =>
      listOf(props["labels"]).some((entry) => {
        const { label, value } = fieldsOf(entry);
        return textOf(label) === "fabric-stack" && textOf(value) === owner;
      }),
  };
  if (readers[mark]()) return [];
  return [
    {
      found: `\`${mark}\` does not say whose it is`,
      allowed: mark === "tags" ? `the tag ${ownerTag(owner)}` : `\`fabric-stack: ${owner}\``,
      fix: `add it to \`${mark}\``,
    },
  ];
}
