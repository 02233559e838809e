import type { Resource } from "./rule";
import { fieldsOf, isUnknown, known, listOf, numberOf, type Props, textOf, textsIn, type Value } from "./values";

/** A way in: ports, and the range that may use them. */
export interface Opening {
  /** The property that says from where. */
  field: string;
  first: number;
  last: number;
  /** The range as it was given; empty for everybody. */
  from: string;
}

const ALL_PORTS = { first: 1, last: 65_535 };

/** Source: IANA, Protocol Numbers (6 is TCP, 17 UDP, 132 SCTP); no protocol is all of them. */
const WITH_PORTS: readonly string[] = ["", "any", "0", "-1", "tcp", "6", "udp", "17", "udplite", "136", "sctp", "132"];

type Reader = (props: Props) => Opening[];

/** By type of resource, who comes in where. */
const READERS: Readonly<Record<string, Reader>> = {
  "openstack:networking/secGroupRule:SecGroupRule": neutronRule,
  "openstack:compute/secGroup:SecGroup": novaGroup,
  "openstack:loadbalancer/listener:Listener": listener,
  "docker:index/container:Container": publishedPorts,
  "kubernetes:core/v1:Service": service,
};

/** What a resource opens to ranges of addresses. What it opens to groups is left out, and so is what is not known yet. */
export function openingsOf({ type, props }: Pick<Resource, "type" | "props">): Opening[] {
  return READERS[type]?.(props) ?? [];
}

/** Source: Neutron API, Security group rules: no prefix and no group is everybody; no ports are all. */
function neutronRule(props: Props): Opening[] {
  if (textOf(props["direction"]) !== "ingress" || !WITH_PORTS.includes(protocolOf(props["protocol"]))) return [];
  if (isGiven(props["remoteGroupId"]) || isGiven(props["remoteAddressGroupId"])) return [];
  if (isUnknown(props["remoteIpPrefix"])) return [];
  const from = textOf(props["remoteIpPrefix"]) ?? "";
  return [{ field: "remoteIpPrefix", from, ...portsOf(props["portRangeMin"], props["portRangeMax"]) }];
}

/** Source: Nova's security groups as terraform-provider-openstack has them: `cidr`, `fromGroupId` or `self`. */
function novaGroup(props: Props): Opening[] {
  return listOf(props["rules"]).flatMap((rule, index) => {
    const { cidr, fromGroupId, self, ipProtocol, fromPort, toPort } = fieldsOf(rule);
    if (!WITH_PORTS.includes(protocolOf(ipProtocol)) || isUnknown(cidr)) return [];
    if (isGiven(fromGroupId) || known(self) === true) return [];
    return [{ field: `rules[${index}].cidr`, from: textOf(cidr) ?? "", ...portsOf(fromPort, toPort) }];
  });
}

/** Source: Octavia API, Listeners: without `allowed_cidrs` everybody. */
function listener(props: Props): Opening[] {
  const port = numberOf(props["protocolPort"]);
  if (port === undefined || isUnknown(props["allowedCidrs"])) return [];
  const given = textsIn(props["allowedCidrs"]);
  return (given.length > 0 ? given : [""]).map((from) => ({ field: "allowedCidrs", from, first: port, last: port }));
}

/** Source: Docker, Port publishing: without an address of the host it is published on all of them. */
function publishedPorts(props: Props): Opening[] {
  return listOf(props["ports"]).flatMap((published, index) => {
    const { ip, internal } = fieldsOf(published);
    const port = numberOf(internal);
    if (port === undefined || isUnknown(ip)) return [];
    const address = textOf(ip) ?? "0.0.0.0";
    if (address !== "0.0.0.0" && address !== "::") return [];
    return [{ field: `ports[${index}].ip`, from: address === "::" ? "::/0" : "0.0.0.0/0", first: port, last: port }];
  });
}

/** Source: Kubernetes, Services: a load balancer without `loadBalancerSourceRanges` lets everybody in. */
function service(props: Props): Opening[] {
  const { type, ports, loadBalancerSourceRanges: ranges } = fieldsOf(props["spec"]);
  if (textOf(type) !== "LoadBalancer" || isUnknown(ranges)) return [];
  const given = textsIn(ranges);
  return listOf(ports).flatMap((entry) => {
    const port = numberOf(fieldsOf(entry)["port"]);
    if (port === undefined) return [];
    const sources = given.length > 0 ? given : [""];
    return sources.map((from) => ({ field: "spec.loadBalancerSourceRanges", from, first: port, last: port }));
  });
}

function protocolOf(value: Value | undefined): string {
  return (textOf(value) ?? "").toLowerCase();
}

/** Given, even where its value is not known yet. */
function isGiven(value: Value | undefined): boolean {
  return isUnknown(value) || textOf(value) !== undefined;
}

/** Neutron and Nova write "all" as no port, as 0, or as -1; a port alone is a range of one. */
function portsOf(min: Value | undefined, max: Value | undefined): { first: number; last: number } {
  const lowest = numberOf(min) ?? 0;
  const highest = numberOf(max) ?? 0;
  if (lowest <= 0 && highest <= 0) return ALL_PORTS;
  return { first: Math.max(lowest, 1), last: highest <= 0 ? lowest : highest };
}
