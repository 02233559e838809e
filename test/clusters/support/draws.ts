import fc from "fast-check";

import { catalogue } from "../../../components/clusters/catalogue";
import { labelTable } from "../../../components/clusters/labels";
import type { LabelFacts, LabelKind } from "../../../components/clusters/labels/label";

/** The release and driver of the sandbox. */
export const RELEASE = "2026.1";
export const DRIVER = "k8s_fedora_coreos_v1";

/** What the sandbox has beside its seed. */
export const OWN = { network: "agreement", subnet: "agreement", keyPair: "agreement", diskless: "agreement.diskless" };

/** Mostly values that are right, now and then one that is not, and often none. */
const mostly = (right: fc.Arbitrary<unknown>, wrong: fc.Arbitrary<unknown>, given = 3) =>
  fc.oneof(
    { weight: 10, arbitrary: fc.constant(undefined) },
    { weight: given * 4, arbitrary: right },
    { weight: 1, arbitrary: wrong },
  );

const junk = fc.oneof(
  fc.constantFrom("", " ", "nope", "x".repeat(300), -1, 0, 1.5, null, [], {}, "true", "ünï", "a\nb"),
  fc.string({ maxLength: 20 }),
);
const either = fc.boolean();

/** Values of labels by kind: right ones, and some at the edge. */
const OF_KIND: Readonly<Record<LabelKind, (facts: LabelFacts) => fc.Arbitrary<unknown>>> = {
  text: () => fc.constantFrom("v1.2.3", "a", "nova", "x y", "ä", "", "--v=4 --feature-gates=A=true"),
  number: ({ min = 0, max = 1000 }) => fc.oneof(fc.integer({ min, max }), fc.integer({ min, max }).map(String)),
  boolean: () => fc.constantFrom(true, false, "true", "false", "True"),
  list: () => fc.constantFrom("a", "a,b"),
  cidr: () => fc.constantFrom("10.100.0.0/16", "192.168.0.0/24"),
  cidrs: () => fc.constantFrom("10.0.0.0/8", "10.0.0.0/8,fd00::/8"),
  url: () => fc.constantFrom("https://example.org/x.tar.gz", "http://10.0.0.1:8000/x"),
  sha256: () => fc.constant("ab".repeat(32)),
  version: () => fc.constantFrom("v1.28.9", "v1.28.9-rancher1"),
  json: () => fc.constantFrom("{}", '{"a":1}'),
};

function labelValue(facts: LabelFacts): fc.Arbitrary<unknown> {
  if (facts.values !== undefined) return fc.constantFrom(...facts.values);
  if (facts.pattern !== undefined) return fc.constantFrom("", "registry.example.org/", "10.0.0.1:5000/a/");
  return OF_KIND[facts.kind](facts);
}

const known = Object.entries(labelTable(DRIVER, RELEASE));
const label = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.constantFrom(...known).chain(([name, facts]) => fc.tuple(fc.constant(name), labelValue(facts))),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...known.map(([name]) => name)), junk) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom("kube_tga", "cvmfs_tag", "master_lb_enabled", "tiller_enabled"), either),
  },
);
const labels = fc
  .array(label, { maxLength: 6 })
  .map((entries) => Object.fromEntries(entries) as Record<string, unknown>);

const names = (right: string[], wrong: string[] = ["nope"]) =>
  [fc.constantFrom(...right), fc.oneof(fc.constantFrom(...wrong), junk)] as const;
const url = fc.constantFrom("http://proxy.example.org:3128", "https://10.0.0.9:8080");

/** A template as a stack's configuration may have it. */
export const template: fc.Arbitrary<Record<string, unknown>> = fc
  .record({
    from: mostly(
      fc.constantFrom(...[...catalogue().keys()].filter((key) => key.startsWith("kubernetes/"))),
      fc.constantFrom("kubernetes/nope", "swarm/ha", "x"),
    ),
    engine: mostly(fc.constant("kubernetes"), fc.constantFrom("swarm", "swarm-mode", "mesos", "dcos", "nomad"), 1),
    driver: mostly(
      fc.constant(DRIVER),
      fc.constantFrom("magnum-capi-helm", "k8s_fedora_atomic_v1", "mesos_ubuntu_v1"),
      1,
    ),
    serverType: mostly(fc.constant("vm"), fc.constantFrom("bm", "lxc"), 1),
    image: fc.oneof(
      { weight: 30, arbitrary: fc.constant("fedora-coreos") },
      { weight: 1, arbitrary: fc.oneof(fc.constantFrom("debian-12", "cirros", "nope", undefined), junk) },
    ),
    flavor: fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom("m1.small", "m1.medium", "m1.large") },
      { weight: 2, arbitrary: fc.oneof(fc.constantFrom(OWN.diskless, "nope", undefined), junk) },
    ),
    masterFlavor: mostly(...names(["m1.small", "m1.medium"], ["nope", OWN.diskless])),
    keyPair: mostly(...names([OWN.keyPair])),
    networkDriver: mostly(...names(["flannel", "calico"], ["cilium", "docker", "weave"])),
    volumeDriver: mostly(...names(["cinder"], ["rexray"])),
    dockerVolumeSize: mostly(fc.integer({ min: 1, max: 16_384 }), fc.oneof(fc.integer({ max: 0 }), junk)),
    dockerStorageDriver: mostly(
      fc.constantFrom("overlay2", "overlay", "btrfs"),
      fc.constantFrom("devicemapper", "zfs"),
      1,
    ),
    registryEnabled: mostly(either, junk, 1),
    insecureRegistry: mostly(fc.constant("10.0.0.5:5000"), junk, 1),
    masterLoadBalancer: mostly(either, junk),
    floatingIps: mostly(either, junk),
    network: mostly(
      fc.constantFrom({ fixedNetwork: OWN.network }, { fixedNetwork: OWN.network, fixedSubnet: OWN.subnet }),
      fc.constantFrom(
        { fixedNetwork: "nope" },
        { fixedSubnet: OWN.subnet },
        { fixedNetwork: OWN.network, fixedSubnet: "nope" },
      ),
      1,
    ),
    dnsNameservers: mostly(
      fc.array(fc.ipV4(), { minLength: 1, maxLength: 3 }),
      fc.constantFrom([], ["dns.example.org"], ["::1"], "8.8.8.8"),
    ),
    httpProxy: mostly(url, junk, 1),
    httpsProxy: mostly(url, junk, 1),
    noProxy: mostly(
      fc.array(fc.constantFrom("10.0.0.0/8", ".example.org", "127.0.0.1"), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(Array(20).fill("proxy.example.org"), "x"),
      1,
    ),
    apiserverPort: mostly(fc.constant(undefined), fc.constantFrom(80, 6443, 70_000), 1),
    tlsDisabled: mostly(fc.constant(false), fc.constant(true), 1),
    labels,
    accept: fc.constantFrom([], [], ["plaintext-api"], ["plaintext-registry", "plaintext-api"]),
    acceptUnknownLabels: fc.constantFrom(false, false, true),
  })
  .map(({ network, ...rest }) => given({ ...rest, ...(network as object | undefined) }));

/** A cluster of a template that is small and right, as a stack's configuration may have it. */
export const cluster: fc.Arbitrary<Record<string, unknown>> = fc
  .record({
    nodes: mostly(fc.integer({ min: 0, max: 3 }), fc.constantFrom(-1, 1.5, "two", 20_000)),
    masters: mostly(fc.constantFrom(1, 3), fc.constantFrom(0, 2, 4)),
    labels: fc.array(label, { maxLength: 2 }).map((entries) => Object.fromEntries(entries) as Record<string, unknown>),
    loadBalancer: either,
    ownNetwork: fc.constant(true),
  })
  .map(given);

function given(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
