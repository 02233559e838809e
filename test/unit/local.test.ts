import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import type { HostPlan } from "../../components/compute/cloudInit";
import { mirroredImage, planContainer } from "../../components/docker/container";
import { ContainerNetwork } from "../../components/docker/ContainerNetwork";
import { planBrokers } from "../../components/messaging/brokers/plan";
import { brokerHost } from "../../components/messaging/brokers/rabbitmq/host";
import { LocalMessaging } from "../../components/messaging/local/LocalMessaging";
import { publishedPort } from "../../components/messaging/local/ports";
import { planNetwork } from "../../components/network/plan";
import { parseConfig } from "../../stacks/config/parse";
import { planStack } from "../../stacks/plan";
import { graphOf, type Registered } from "../support/graph";

const zones = [
  { zone: "a", cidr: "10.87.0.0/23" },
  { zone: "b", cidr: "10.87.2.0/23" },
];
const host: HostPlan = {
  hostName: "local-thing-01",
  hosts: [{ hostName: "local-thing-02", address: "10.87.2.10" }],
  files: [
    { path: "/etc/thing/thing.conf", content: "conf" },
    { path: "/etc/thing/start.sh", content: "start", mode: "0755" },
    { path: "/etc/thing/secret", content: "secret", mode: "0400" },
    { path: "/etc/sysctl.d/90-thing.conf", content: "the server's own" },
  ],
  ownedDirectories: ["/etc/thing", "/var/lib/thing"],
  dataMount: "/var/lib/thing",
  copies: [{ from: "/etc/thing/secret", to: "/var/lib/thing/.secret" }],
  container: {
    name: "thing",
    description: "Thing",
    image: "docker.io/library/thing:1",
    uid: 999,
    volumes: ["/etc/thing:/opt/thing/etc:ro", "/var/lib/thing:/data", "/var/lib/thing/log/old:/log"],
    exec: "/opt/thing/etc/start.sh --fast",
    environment: { Z: "1", A: "2" },
  },
};
const argsOf = (over: object = {}) => ({
  prefix: "local",
  networkName: "local-net",
  zones,
  published: { ip: "127.0.0.1", firstPort: 25_671 },
  mode: "hybrid",
  release: "2024.2",
  services: ["nova"],
  broker: { nodes: 3 },
  mesh: { interior: 2 },
  stack: "p/local",
  ...over,
});
const graph = (over: object = {}) => graphOf(() => new LocalMessaging("messaging", argsOf(over)));
const containersOf = (all: readonly Registered[]) =>
  all.filter(({ type }) => type === "docker:index/container:Container");

describe("a server's plan as a container", () => {
  const plan = planContainer(host);

  it("puts the files that the server would mount where the container has them, owned by the container's user", () => {
    expect(plan.files.map(({ path, mode, owner }) => `${path} ${mode} ${owner}`)).toEqual([
      "/opt/thing/etc/thing.conf 0644 999",
      "/opt/thing/etc/start.sh 0755 999",
      "/opt/thing/etc/secret 0400 999",
      "/data/.secret 0400 999",
    ]);
    expect(plan.files.at(-1)?.content).toBe("secret");
  });

  it("leaves files root's, and readable, where the image has a user of its own", () => {
    const own = planContainer(host, "own").files.map(({ mode, owner }) => `${mode} ${owner}`);
    expect(own).toEqual(["0644 0", "0755 0", "0444 0", "0444 0"]);
  });

  it("keeps what lies on the data volume in volumes of their own", () => {
    expect(plan.volumes).toEqual([
      { key: "", path: "/data" },
      { key: "log-old", path: "/log" },
    ]);
  });

  it("gives the command as words, the environment sorted, and the planned peers", () => {
    expect(plan.command).toEqual(["/opt/thing/etc/start.sh", "--fast"]);
    expect(plan.environment).toEqual(["A=2", "Z=1"]);
    expect(plan.hosts).toEqual([{ host: "local-thing-02", ip: "10.87.2.10" }]);
  });

  it("refuses to guess at a quoted command", () => {
    const quoted = { ...host, container: { ...host.container, exec: 'sh -c "a b"' } };
    expect(() => planContainer(quoted)).toThrow(/quoted/);
  });

  it("has everything of a broker: its configuration, its certificate and the cluster's secret", () => {
    const brokers = planBrokers("local", 1, zones);
    const [member] = brokers.members;
    if (member === undefined) throw new Error("no member");
    const broker = brokerHost({
      plan: brokers,
      member,
      image: "rabbitmq:3.10",
      tls: { caPem: "ca", certPem: "cert", keyPem: "key" },
      cookie: "cookie",
      vhost: "openstack",
      users: [],
    });
    const paths = planContainer(broker).files.map(({ path }) => path);
    expect(paths).toContain("/etc/rabbitmq/rabbitmq.conf");
    expect(paths).toContain("/etc/rabbitmq/tls/key.pem");
    expect(paths).toContain("/var/lib/rabbitmq/.erlang.cookie");
  });

  it.each([
    ["docker.io/library/rabbitmq:4.1.4", "mirror:5000/library/rabbitmq:4.1.4"],
    ["localhost/own:1", "mirror:5000/own:1"],
    ["library/rabbitmq:4", "mirror:5000/library/rabbitmq:4"],
    ["rabbitmq:4", "mirror:5000/rabbitmq:4"],
  ])("takes %s from a mirror as %s", (image, mirrored) => {
    expect(mirroredImage(image, "mirror:5000")).toBe(mirrored);
    expect(mirroredImage(image, undefined)).toBe(image);
  });
});

describe("published ports", () => {
  const published = { ip: "127.0.0.1", firstPort: 25_671 };

  it("never meet, however large each role grows", () => {
    const ports = [
      ...Array.from({ length: 7 }, (_, i) => publishedPort(published, "broker", i)),
      ...Array.from({ length: 64 }, (_, i) => publishedPort(published, "router", i)),
      ...Array.from({ length: 500 }, (_, i) => publishedPort(published, "edge", i)),
    ];
    expect(new Set(ports).size).toBe(ports.length);
  });

  it("end where TCP's do, with the setting to change", () => {
    expect(() => publishedPort({ ...published, firstPort: 65_000 }, "edge", 500)).toThrow(/`docker.firstPort` 65000/);
  });
});

describe("the messaging layer on Docker", () => {
  it("has stable names: containers and volumes by their place, users by their service", async () => {
    expect((await graph()).map(({ type, name }) => `${type} ${name}`)).toMatchSnapshot();
  });

  it("publishes every container on the loopback address only, and each on a port of its own", async () => {
    const ports = containersOf(await graph()).flatMap(
      ({ inputs }) => inputs["ports"] as { ip: string; external: number }[],
    );
    expect(ports).toHaveLength(5);
    expect(new Set(ports.map(({ ip }) => ip))).toEqual(new Set(["127.0.0.1"]));
    expect(new Set(ports.map(({ external }) => external)).size).toBe(5);
  });

  it("places them at the addresses that servers would have", async () => {
    const networks = containersOf(await graph()).map(({ name, inputs }) => [
      name,
      (inputs["networksAdvanced"] as { ipv4Address: string }[])[0]?.ipv4Address,
    ]);
    expect(Object.fromEntries(networks)).toMatchObject({
      "messaging-broker-01": "10.87.0.10",
      "messaging-broker-02": "10.87.2.10",
      "messaging-broker-03": "10.87.0.11",
      "messaging-router-01": "10.87.0.32",
    });
  });

  it("adds only the new container, its volume and its certificate when the cluster grows", async () => {
    const before = new Set((await graph()).map((resource) => JSON.stringify(resource)));
    const changed = (await graph({ broker: { nodes: 5 } })).filter((resource) => !before.has(JSON.stringify(resource)));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.filter(({ name }) => !/^messaging-broker-0[45]/.test(name))).toEqual([]);
  });

  it("gives what is put into containers, and URLs, as secrets only", async () => {
    let urls: pulumi.Output<unknown> | undefined;
    const all = await graphOf(() => {
      urls = new LocalMessaging("messaging", argsOf()).rpcTransportUrls;
    });
    expect(urls && (await pulumi.isSecret(urls))).toBe(true);
    for (const { name, inputs } of containersOf(all)) {
      expect(inputs["uploads"], name).toMatchObject({
        "4dabf18193072939515e22adb298388d": expect.anything() as unknown,
      });
    }
  });

  it("leads clients to the routers by a name that is in their certificates", async () => {
    const all = await graph();
    const requests = all.filter(({ type, name }) => type.includes("certRequest") && name.includes("router"));
    expect(requests).toHaveLength(2);
    for (const { inputs } of requests) expect(inputs["dnsNames"]).toContain("localhost");
  });

  it("lets Docker hand out only addresses that no plan uses", async () => {
    const plan = planNetwork({ name: "local", zones: ["a", "b"], cidr: "10.87.0.0/20" });
    const all = await graphOf(() => new ContainerNetwork("network", { plan, cidr: "10.87.0.0/20", stack: "p/local" }));
    expect(all.find(({ type }) => type.startsWith("docker:"))?.inputs["ipamConfigs"]).toEqual([
      { subnet: "10.87.0.0/20", gateway: "10.87.0.1", ipRange: "10.87.1.0/24" },
    ]);
  });
});

describe("the configuration of a stack on Docker", () => {
  const source = { file: "stacks/Pulumi.test.yaml" };
  const valid = {
    cloud: { release: "2024.2" },
    docker: {},
    network: { zones: ["a"], cidr: "10.87.0.0/20" },
    messaging: { mode: "vanilla", services: ["nova"], broker: {} },
  };
  const parse = (over: object) => () => parseConfig({ ...valid, ...over }, source);

  it("needs no flavors and no images of servers", () => {
    expect(planStack(parse({})(), "local").messaging?.brokers?.members).toHaveLength(3);
  });

  it("still needs them on a cloud", () => {
    expect(parse({ docker: undefined })).toThrow(/`messaging.broker.flavor` is missing; servers need one/);
  });

  it("refuses clusters, since no Magnum makes them", () => {
    expect(parse({ clusters: { templates: {} } })).toThrow(/`clusters` is of no use beside `docker`: Magnum/);
  });

  it("refuses every setting of a cloud, instead of dropping it", () => {
    const network = { ...valid.network, external: "public", mtu: 1500 };
    const broker = { flavor: "m1.small", image: "debian-12", kind: "kafka" };
    const refused = parse({ network, messaging: { ...valid.messaging, broker } });
    for (const key of ["network.external", "network.mtu", "messaging.broker.flavor", "messaging.broker.kind"]) {
      expect(refused, key).toThrow(new RegExp(`\`${key.replaceAll(".", "\\.")}\``));
    }
  });

  it("publishes on no address but the loopback's", () => {
    expect(parse({ docker: { publish: "0.0.0.0" } })).toThrow(/`docker.publish` must be a loopback address/);
  });
});
