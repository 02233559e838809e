import { ServerGroup } from "@pulumi/openstack/compute/serverGroup";
import type * as pulumi from "@pulumi/pulumi";

import { resourceName } from "../../names";
import { type IngressRule, type PortRange, SecurityGroup } from "../../network/SecurityGroup";
import { PORTS } from "./ports";
import { adminRules, type MessagingServerArgs } from "./serverArgs";

/** What the members of a cluster or mesh share. */
export interface Members {
  /** Security group: AMQPS from clients, the role's own ports among members, SSH from operators. */
  securityGroupId: pulumi.Output<string>;
  /** Server group that keeps members on different hosts where it can. */
  serverGroupId: pulumi.Output<string>;
}

/** Creates what the members of one role share; `plural` names it in the cloud, `openings` are for peers of elsewhere. */
export function createMembers(
  parent: pulumi.Resource,
  name: string,
  args: MessagingServerArgs,
  role: { plural: string; description: string; selfPorts: readonly (number | PortRange)[]; openings?: IngressRule[] },
): Members {
  const groupName = resourceName(args.prefix, role.plural);
  const group = new SecurityGroup(
    `${name}-group`,
    {
      groupName,
      description: role.description,
      ingress: [
        { key: "amqps-from-clients", port: PORTS.amqps, fromGroupId: args.clientGroupId },
        ...adminRules(args),
        ...(role.openings ?? []),
      ],
      selfPorts: role.selfPorts,
      ipv6: args.network.zones.some((zone) => zone.cidrV6 !== undefined),
      stack: args.stack,
    },
    { parent },
  );
  const placement = new ServerGroup(
    `${name}-placement`,
    { name: groupName, policies: ["soft-anti-affinity"] },
    { parent },
  );
  return { securityGroupId: group.groupId, serverGroupId: placement.id };
}
