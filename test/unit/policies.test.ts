import { describe, expect, it } from "vitest";

import { messageOf, type StackResource } from "../../policies/rule";
import { allowedFlavors } from "../../policies/rules/allowedFlavors";
import { allowedImages } from "../../policies/rules/allowedImages";
import { dataVolumesProtected } from "../../policies/rules/dataVolumesProtected";
import { namesAndOwner } from "../../policies/rules/namesAndOwner";
import { openManagementPorts } from "../../policies/rules/openManagementPorts";
import { portSecurity } from "../../policies/rules/portSecurity";
import { quorumAntiAffinity } from "../../policies/rules/quorumAntiAffinity";
import { type Props, Secret, UNKNOWN } from "../../policies/values";
import { findings, resource, stackFindings, stackResource } from "../support/policies";

const SERVER = "openstack:compute/instance:Instance";
const TEMPLATE = "openstack:containerinfra/clusterTemplate:ClusterTemplate";

describe("the rule on management ports", () => {
  const ssh = { direction: "ingress", ethertype: "IPv4", protocol: "tcp", portRangeMin: 22, portRangeMax: 22 };
  const rule = (props: Props) => resource("openstack:networking/secGroupRule:SecGroupRule", { ...ssh, ...props });
  const count = (props: Props, settings = {}) => findings(openManagementPorts, rule(props), settings).length;

  it.each<[string, Props]>([
    ["everybody on IPv4", { remoteIpPrefix: "0.0.0.0/0" }],
    ["everybody on IPv6", { ethertype: "IPv6", remoteIpPrefix: "::/0" }],
    ["no prefix and no group", {}],
    ["an empty prefix", { remoteIpPrefix: "" }],
    ["half of all addresses", { remoteIpPrefix: "128.0.0.0/1" }],
    ["more than a private range", { remoteIpPrefix: "10.0.0.0/7" }],
    ["all of IPv6 that is routed", { remoteIpPrefix: "2000::/3" }],
    ["IPv4 as IPv6 writes it", { remoteIpPrefix: "::ffff:0.0.0.0/96" }],
    ["a range with the port in it", { remoteIpPrefix: "0.0.0.0/0", portRangeMin: 1, portRangeMax: 1024 }],
    ["all ports", { remoteIpPrefix: "0.0.0.0/0", portRangeMin: 0, portRangeMax: 0 }],
    ["all protocols", { remoteIpPrefix: "0.0.0.0/0", protocol: "", portRangeMin: 0, portRangeMax: 0 }],
    ["the protocol's number", { remoteIpPrefix: "0.0.0.0/0", protocol: "6" }],
    ["a prefix that is a secret", { remoteIpPrefix: new Secret("0.0.0.0/0") }],
  ])("refuses %s", (_, props) => expect(count(props)).toBe(1));

  it.each<[string, Props]>([
    ["an operator's network", { remoteIpPrefix: "198.51.100.0/24" }],
    ["a private range", { remoteIpPrefix: "10.0.0.0/8" }],
    ["an address alone", { remoteIpPrefix: "203.0.113.7" }],
    ["all addresses that are nobody's", { remoteIpPrefix: "fc00::/7" }],
    ["a group", { remoteGroupId: "8b0f" }],
    ["a group that is not made yet", { remoteGroupId: UNKNOWN }],
    ["a prefix that is not known yet", { remoteIpPrefix: UNKNOWN }],
    ["AMQPS for everybody", { remoteIpPrefix: "0.0.0.0/0", portRangeMin: 5671, portRangeMax: 5671 }],
    ["ping", { remoteIpPrefix: "0.0.0.0/0", protocol: "icmp", portRangeMin: 0, portRangeMax: 0 }],
    ["what goes out", { direction: "egress", remoteIpPrefix: "0.0.0.0/0" }],
  ])("lets %s pass", (_, props) => expect(count(props)).toBe(0));

  it("counts the Kubernetes API, further ports and other breadths where its settings say so", () => {
    const on = (port: number, remoteIpPrefix = "0.0.0.0/0") => ({
      remoteIpPrefix,
      portRangeMin: port,
      portRangeMax: port,
    });
    expect([count(on(6443)), count(on(6443), { kubernetesApi: true })]).toEqual([0, 1]);
    expect([count(on(7000)), count(on(7000), { ports: [7000] })]).toEqual([0, 1]);
    expect([count(on(22, "198.51.100.0/20")), count(on(22, "198.51.100.0/20"), { broadestV4: 24 })]).toEqual([0, 1]);
  });

  it("says where, what and how to mend it, and names few of many ports", () => {
    const judged = rule({ portRangeMin: 0, portRangeMax: 0 });
    const [found] = findings(openManagementPorts, judged);
    const message = messageOf(judged, found!);
    expect(message).toMatch(
      /^SecGroupRule "it": `remoteIpPrefix` lets everybody in to ports 1-65535, with 22 \(SSH\), /,
    );
    expect(message).toMatch(/and \d+ more\. Allowed: a security group, .* To fix it, give the range of your operators/);
  });

  it("reads Nova's groups, load balancers of Octavia and Kubernetes, and what containers publish", () => {
    const count = (type: string, props: Props) => findings(openManagementPorts, resource(type, props)).length;
    const nova = (rule: Props) =>
      count("openstack:compute/secGroup:SecGroup", {
        rules: [{ ipProtocol: "tcp", fromPort: 1, toPort: 99, ...rule }],
      });
    expect([nova({ cidr: "0.0.0.0/0" }), nova({ self: true }), nova({ fromGroupId: UNKNOWN })]).toEqual([1, 0, 0]);
    const balanced = (props: Props) =>
      count("openstack:loadbalancer/listener:Listener", { protocol: "TCP", protocolPort: 15671, ...props });
    expect([balanced({}), balanced({ allowedCidrs: ["10.0.0.0/8"] }), balanced({ protocolPort: 443 })]).toEqual([
      1, 0, 0,
    ]);
    const balancer = (spec: Props) =>
      count("kubernetes:core/v1:Service", { spec: { type: "LoadBalancer", ports: [{ port: 9090 }], ...spec } });
    const ranges = { loadBalancerSourceRanges: ["192.0.2.0/24"] };
    expect([balancer({}), balancer(ranges), balancer({ type: "ClusterIP" })]).toEqual([1, 0, 0]);
    const published = (ip: Props) =>
      count("docker:index/container:Container", { ports: [{ internal: 15672, external: 1, ...ip }] });
    expect([published({}), published({ ip: "::" }), published({ ip: "127.0.0.1" })]).toEqual([1, 1, 0]);
  });
});

describe("the rule on port security", () => {
  const count = (props: Props) => findings(portSecurity, resource("openstack:networking/port:Port", props)).length;

  it("refuses ports without filters and ports that may send with any address", () => {
    expect(count({ portSecurityEnabled: false })).toBe(1);
    expect(count({ noSecurityGroups: true })).toBe(1);
    expect(count({ allowedAddressPairs: [{ ipAddress: "0.0.0.0/0" }, { ipAddress: "::/0" }] })).toBe(2);
  });

  it("lets ports pass that share an address, and those that say nothing", () => {
    expect(count({ allowedAddressPairs: [{ ipAddress: "10.20.0.9" }], securityGroupIds: [UNKNOWN] })).toBe(0);
    expect(count({ portSecurityEnabled: true })).toBe(0);
  });
});

describe("the rule on quorums", () => {
  const group = (name: string, ...policies: string[]) =>
    stackResource("openstack:compute/serverGroup:ServerGroup", name, { policies });
  const server = (name: string, of?: StackResource, props: Props = {}) =>
    stackResource(SERVER, name, { name, ...props }, of === undefined ? {} : { schedulerHints: [of] });
  const brokers = (groups: (StackResource | undefined)[]) =>
    groups.map((of, index) => server(`prod-broker-0${index + 1}`, of));
  const found = (servers: StackResource[], settings = {}) =>
    stackFindings(quorumAntiAffinity, servers, settings).map(({ resource, found }) => `${resource.name}: ${found}`);
  const soft = group("soft", "soft-anti-affinity");

  it("lets members pass that share a group which keeps them apart, hard or soft", () => {
    expect(found(brokers([soft, soft, soft]))).toEqual([]);
    const hard = group("hard", "anti-affinity");
    expect(found(brokers([hard, hard, hard]), { policies: ["anti-affinity"] })).toEqual([]);
  });

  it("names each member that is in no group, or in one that keeps nothing apart", () => {
    expect(found(brokers([soft, soft, undefined]))).toEqual(["prod-broker-03: `schedulerHints` names no server group"]);
    const near = group("near", "affinity");
    expect(found(brokers([near, near, near]))).toHaveLength(3);
    expect(found(brokers([near, soft, soft]))).toEqual(["prod-broker-01: its server group's `policies` are affinity"]);
    expect(found(brokers([soft, soft, soft]), { policies: ["anti-affinity"] })).toHaveLength(3);
  });

  it("refuses members that are spread over several groups, once", () => {
    const other = group("other", "soft-anti-affinity");
    expect(found(brokers([soft, soft, other]))).toEqual([
      "prod-broker-01: the members of prod-broker are in 2 server groups",
    ]);
  });

  it("judges no pair, no single server, and no servers that are no quorum", () => {
    expect(found(brokers([undefined, undefined]))).toEqual([]);
    expect(found(["01", "02", "03"].map((key) => server(`prod-web-${key}`)))).toEqual([]);
  });

  it("knows members of other names by what they say in their metadata", () => {
    const metadata = { "fabric-members": "a-mq-01,a-mq-02,a-mq-03" };
    const members = ["a-mq-01", "a-mq-02", "a-mq-03"].map((name) => server(name, undefined, { metadata }));
    expect(found(members)).toHaveLength(3);
  });

  it("takes a group that the stack only names by its id for one, as long as all have it", () => {
    const hinted = (ids: string[]) =>
      ids.map((id, index) => server(`prod-etcd-${index}`, undefined, { schedulerHints: [{ group: id }] }));
    expect(found(hinted(["g1", "g1", "g1"]))).toEqual([]);
    expect(found(hinted(["g1", "g1", "g2"]))).toHaveLength(1);
  });
});

describe("the rule on data", () => {
  const volume = (protect: boolean, urn = "urn:pulumi:prod::openstack-fabric::v::v") =>
    resource("openstack:blockstorage/volume:Volume", { size: 100 }, { protect, urn });

  it("refuses volumes that are not protected, but in stacks that may lose them", () => {
    expect(findings(dataVolumesProtected, volume(false))).toHaveLength(1);
    expect(findings(dataVolumesProtected, volume(true))).toEqual([]);
    expect(findings(dataVolumesProtected, volume(false, "urn:pulumi:dev::openstack-fabric::v::v"))).toEqual([]);
    expect(findings(dataVolumesProtected, volume(false), { exemptStacks: ["prod"] })).toEqual([]);
  });
});

describe("the rule on names and owners", () => {
  const owner = "openstack-fabric/prod";
  const server = (props: Props) =>
    resource(SERVER, { name: "prod-broker-01", metadata: { "fabric-stack": owner }, ...props });
  const found = (judged: ReturnType<typeof resource>, settings = {}) =>
    findings(namesAndOwner, judged, settings).map((finding) => finding.found);

  it("lets the project's names and marks pass", () => {
    expect(found(server({}))).toEqual([]);
    const port = { name: "prod-router-01", tags: [`fabric-stack=${owner}`] };
    expect(found(resource("openstack:networking/port:Port", port))).toEqual([]);
    const labels = [{ label: "fabric-stack", value: owner }];
    expect(found(resource("docker:index/volume:Volume", { name: "prod-broker-01-data", labels }))).toEqual([]);
    expect(found(resource(TEMPLATE, { name: "prod-ha-182c96e3" }))).toEqual([]);
    expect(found(resource("random:index/randomPassword:RandomPassword", { length: 32 }))).toEqual([]);
  });

  it.each(["broker-01", "prod_broker", "production-broker", "Prod-broker", `prod-${"x".repeat(60)}`])(
    "refuses the name %s",
    (name) => expect(found(server({ name }))).toEqual([`\`name\` is "${name}"`]),
  );

  it("refuses what does not say whose it is, or says another's", () => {
    expect(found(server({ metadata: {} }))).toEqual(["`metadata` does not say whose it is"]);
    expect(found(server({ metadata: { "fabric-stack": "openstack-fabric/dev" } }))).toHaveLength(1);
    expect(found(resource("openstack:networking/subnet:Subnet", { name: "prod-a", tags: ["mine"] }))).toHaveLength(1);
  });

  it("takes another prefix from its settings, and does not judge what is not known yet", () => {
    expect(found(server({ name: "p1-broker" }), { prefix: "p1" })).toEqual([]);
    expect(found(server({ name: UNKNOWN, metadata: UNKNOWN }))).toEqual([]);
  });
});

describe("the allow-lists", () => {
  const server = resource(SERVER, { flavorName: "m1.large", imageId: UNKNOWN, imageName: "debian-12" });
  const template = resource(TEMPLATE, { image: "fedora-coreos-38", flavor: "m1.large", masterFlavor: "g1.huge" });
  const used = (rule: typeof allowedImages, judged: typeof server, allowed?: string[]) =>
    findings(rule, judged, { allowed }).map(({ found }) => found);

  it("are off until they are given", () => {
    expect([...used(allowedImages, server), ...used(allowedFlavors, template)]).toEqual([]);
  });

  it("refuse what they do not have, of servers and of clusters", () => {
    expect(used(allowedImages, server, ["ubuntu-*"])).toEqual(["`imageName` is debian-12"]);
    expect(used(allowedFlavors, template, ["m1.*"])).toEqual(["`masterFlavor` is g1.huge"]);
  });

  it("let pass what they have, by its name or by a pattern", () => {
    expect(used(allowedImages, server, ["debian-12"])).toEqual([]);
    expect(used(allowedImages, template, ["fedora-coreos-*"])).toEqual([]);
    expect(used(allowedFlavors, server, ["m1.*"])).toEqual([]);
    expect(used(allowedFlavors, server, ["m1xlarge"])).toEqual(["`flavorName` is m1.large"]);
  });
});
