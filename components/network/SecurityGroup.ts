import { SecGroup } from "@pulumi/openstack/networking/secGroup";
import { SecGroupRule } from "@pulumi/openstack/networking/secGroupRule";
import * as pulumi from "@pulumi/pulumi";

import { UserError } from "../errors";
import { ownerTag } from "../names";

/** A port, or several in a row. */
export interface PortRange {
  /** First port. */
  port: number;
  /** Last port. Default: `port`. */
  lastPort?: number;
}

/** One opening of a security group, for one kind of peer. */
export interface IngressRule extends PortRange {
  /** Stable key of the rule within its group, such as `amqps-from-clients`; its ports can change under it. */
  key: string;
  /** IP protocol. Default `tcp`. */
  protocol?: string;
  /** The group whose members may connect. Give this or `fromCidr`. */
  fromGroupId?: pulumi.Input<string>;
  /** The range that may connect, such as an operator's network. */
  fromCidr?: string;
}

export interface SecurityGroupArgs {
  /** Name in Neutron. In place. */
  groupName: string;
  /** What the group is for; shown in Neutron. In place. */
  description: string;
  /** Openings; without any, nothing gets in. In place (each rule is a resource of its own). */
  ingress: IngressRule[];
  /** Ports that members open to each other. */
  selfPorts?: readonly (number | PortRange)[];
  /** Whether the network carries IPv6, so that rules by group are written for both versions. Default false. */
  ipv6?: boolean;
  /** The stack that owns the group; written as a tag. In place. */
  stack: string;
}

/** A Neutron security group that opens ports to named peers only; a rule without a peer is refused. */
export class SecurityGroup extends pulumi.ComponentResource {
  /** The group's id. */
  readonly groupId: pulumi.Output<string>;

  constructor(name: string, args: SecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:SecurityGroup", name, {}, opts);
    checkPeers(name, args.ingress);
    const group = new SecGroup(
      name,
      { name: args.groupName, description: args.description, tags: [ownerTag(args.stack)] },
      { parent: this },
    );
    this.groupId = group.id;
    const ranges = (args.selfPorts ?? []).map((range) => (typeof range === "number" ? { port: range } : range));
    const self = ranges.map((range) => ({ key: `self-${range.port}`, ...range, fromGroupId: group.id }));
    for (const rule of [...args.ingress, ...self]) {
      for (const version of ethertypes(rule, args.ipv6 ?? false)) createRule(this, name, group, rule, version);
    }
    this.registerOutputs({ groupId: this.groupId });
  }
}

/** A rule without a peer would open the port to the world. */
function checkPeers(name: string, rules: readonly IngressRule[]): void {
  const open = rules.filter((rule) => rule.fromGroupId === undefined && rule.fromCidr === undefined);
  if (open.length === 0) return;
  const keys = open.map((rule) => `\`${rule.key}\``).join(", ");
  throw new UserError(
    `Security group "${name}": ${keys} opens a port to everyone. Give \`fromGroupId\` or \`fromCidr\`.`,
  );
}

function ethertypes(rule: IngressRule, ipv6: boolean): string[] {
  if (rule.fromCidr !== undefined) return [rule.fromCidr.includes(":") ? "IPv6" : "IPv4"];
  return ipv6 ? ["IPv4", "IPv6"] : ["IPv4"];
}

function createRule(
  parent: SecurityGroup,
  name: string,
  group: SecGroup,
  rule: IngressRule,
  ethertype: string,
): SecGroupRule {
  const suffix = ethertype === "IPv6" ? "-v6" : "";
  return new SecGroupRule(
    `${name}-${rule.key}${suffix}`,
    {
      securityGroupId: group.id,
      direction: "ingress",
      ethertype,
      protocol: rule.protocol ?? "tcp",
      portRangeMin: rule.port,
      portRangeMax: rule.lastPort ?? rule.port,
      remoteGroupId: rule.fromGroupId,
      remoteIpPrefix: rule.fromCidr,
      description: rule.key,
    },
    { parent },
  );
}
