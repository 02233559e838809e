import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { type HostPlan, type HostSettings, renderCloudConfig } from "../../components/compute/cloudInit";
import { planBrokers } from "../../components/messaging/brokers/plan";
import { brokerHost } from "../../components/messaging/brokers/rabbitmq/host";
import { routerHost } from "../../components/messaging/mesh/host";
import { planMesh } from "../../components/messaging/mesh/plan";
import { checkInstall, settingsOf } from "../../components/messaging/servers/install";
import { lastHealth } from "../../stacks/cloud/health";

const zones = [{ zone: "az-1", cidr: "10.20.0.0/19" }];
const tls = { caPem: "CA-PEM", certPem: "CERT-PEM", keyPem: "KEY-PEM" };
const plan = planBrokers("prod", 3, zones);

function broker(at = 1, settings: HostSettings = {}): HostPlan {
  const member = plan.members[at];
  if (member === undefined) throw new Error(`no member ${at}`);
  return brokerHost({ plan, member, image: "rabbitmq:4.1.4", tls, cookie: "C", vhost: "v", users: [], settings });
}

function router(at = 1): HostPlan {
  const found = planMesh("prod", { interior: 3 }, zones).routers[at];
  if (found === undefined) throw new Error(`no router ${at}`);
  return routerHost({ router: found, implementation: "skupper-router", image: "router:3", tls, users: [] });
}

interface CloudConfig {
  apt?: object;
  ca_certs?: object;
  write_files: { path: string; content: string }[];
}

function file(host: HostPlan, path: string, settings: HostSettings = {}): string | undefined {
  const config = parse(renderCloudConfig(host, settings)) as CloudConfig;
  return config.write_files.find((candidate) => candidate.path === path)?.content;
}

describe("a server's setup", () => {
  const setup = (host: HostPlan, settings?: HostSettings) => file(host, "/usr/local/sbin/fabric-setup", settings) ?? "";

  it("stops at the first failure, and says on the console where", () => {
    expect(setup(broker())).toContain("set -eu\n");
    const line = "fabric-health: not-ready broker prod-broker-02 setup failed at: the firewall";
    expect(setup(broker())).toContain(line.replace("the firewall", "%s"));
    expect(lastHealth(`boot\r\n${line}\r\n`, "prod-broker-02")).toMatchObject({ ready: false });
  });

  it("installs only what the image lacks, so that an image with everything needs no mirror", () => {
    expect(setup(broker())).toContain("for package in podman nftables; do");
    expect(setup(broker(1, { install: "package" }))).toContain("for package in rabbitmq-server nftables; do");
    expect(renderCloudConfig(broker())).not.toMatch(/^packages:|^package_update:/m);
  });

  it("takes Debian 12's podman, which has no Quadlet, by a plain unit", () => {
    expect(setup(router())).toContain("/usr/local/lib/fabric/skupper-router.service /etc/systemd/system/");
    const [quadlet, plain] = [
      file(router(), "/etc/containers/systemd/skupper-router.container"),
      file(router(), "/usr/local/lib/fabric/skupper-router.service"),
    ];
    for (const unit of [quadlet, plain]) {
      expect(unit).toContain("Restart=always\n");
      expect(unit).toContain("router:3");
      expect(unit).toContain("StartLimitIntervalSec=0\n");
    }
  });

  it("starts a broker only once its data volume is mounted", () => {
    const dropIn = file(
      broker(1, { install: "package" }),
      "/etc/systemd/system/rabbitmq-server.service.d/50-fabric.conf",
    );
    const quadlet = file(broker(), "/etc/containers/systemd/rabbitmq.container");
    for (const unit of [dropIn, quadlet]) expect(unit).toContain("RequiresMountsFor=/var/lib/rabbitmq\n");
    expect(dropIn).toContain("ConditionPathExists=/var/lib/fabric/set-up\n");
  });

  it("formats no disk of which it is not sure", () => {
    const script = file(broker(), "/usr/local/sbin/fabric-data-disk") ?? "";
    expect(script).not.toContain("/dev/vdb");
    expect(script.indexOf("blkid -L fabric-data")).toBeLessThan(script.indexOf("mkfs.ext4"));
    expect(script).toMatch(/-gt 1 \]; then\n\s+echo "cannot tell which disk/);
  });
});

describe("a server's firewall", () => {
  const rules = (host: HostPlan, settings?: HostSettings) => file(host, "/etc/nftables.conf", settings) ?? "";

  it("drops all that is not named, for both versions of IP", () => {
    expect(rules(broker())).toContain("table inet fabric {");
    expect(rules(broker())).toContain("hook input priority filter; policy drop;");
    expect(rules(broker())).not.toContain("tcp dport 22 ");
  });

  it("opens Erlang's ports to possible members only, and SSH to operators' ranges only", () => {
    const text = rules(broker(), { adminCidrs: ["10.1.0.0/16", "fd00::/64"] });
    const members = plan.hosts.map(({ address }) => address).sort();
    expect(text).toContain(`ip saddr { ${members.join(", ")} } tcp dport 4369 accept`);
    expect(text).toContain("ip saddr { 10.1.0.0/16 } tcp dport 22 accept");
    expect(text).toContain("ip6 saddr { fd00::/64 } tcp dport 22 accept");
    expect(text).toMatch(/^ {4}tcp dport 5671 accept$/m);
  });

  it("leaves a router's health endpoint closed", () => {
    expect(rules(router())).not.toContain("8888");
    expect(rules(router())).toMatch(/^ {4}tcp dport 55671 accept$/m);
  });
});

describe("mirrors and logs", () => {
  it("move a registry's images to where the mirror has them", () => {
    const settings = { registryMirrors: { "docker.io": "mirror.example.org/docker" } };
    expect(file(broker(), "/etc/containers/registries.conf.d/50-fabric.conf", settings)).toBe(
      '[[registry]]\nprefix = "docker.io"\nlocation = "mirror.example.org/docker"\n',
    );
  });

  it("are trusted by an authority of their own, where one is given", () => {
    const packageMirror = { main: "https://m.example.org/debian", security: "https://m.example.org/debian-security" };
    const config = parse(renderCloudConfig(broker(), { packageMirror, caPem: "PEM" })) as CloudConfig;
    expect(config.apt).toEqual({
      primary: [{ arches: ["default"], uri: packageMirror.main }],
      security: [{ arches: ["default"], uri: packageMirror.security }],
    });
    expect(config.ca_certs).toEqual({ trusted: ["PEM"] });
  });

  it("send nothing anywhere unless a collector is given, and then only over TLS to its name", () => {
    expect(renderCloudConfig(broker())).not.toContain("rsyslog");
    const conf = file(broker(), "/etc/rsyslog.d/50-fabric.conf", { logs: { host: "logs.example.org" } });
    expect(conf).toContain('StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="logs.example.org"');
    expect(conf).toContain('port="6514"');
  });
});

describe("health", () => {
  it("of a broker waits for members before it only, so that a cluster can grow one after the other", () => {
    const check = broker(1).health?.check ?? "";
    expect(check).toContain("members[: members.index(HOST)]");
    expect(check).toContain('["podman", "exec", "--user=999", "rabbitmq"]'.replaceAll(", ", ","));
    expect(broker(0).preStart).toBeUndefined();
    expect(broker(1).preStart).toContain('("prod-broker-01", 5671)');
  });

  it("of a router asks for all links that it opens", () => {
    expect(router(0).health?.check).toContain("LINKS, PORT = [], 55671");
    expect(router(1).health?.check).toMatch(/LINKS, PORT = \["10\.20\.0\.32"\], 55671/);
  });
});

describe("installation by package", () => {
  it.each(["skupper-router", "qpid-dispatch", "artemis", "kafka"])("is refused for %s with the reason", (daemon) => {
    expect(() => checkInstall(daemon, "package", "messaging.rpc.install")).toThrow(
      /`messaging.rpc.install` "package" cannot install .*: no distribution packages .*Take "container"/,
    );
    expect(() => checkInstall(daemon, "container", "messaging.rpc.install")).not.toThrow();
  });

  it("is there for RabbitMQ, and each role may differ from the layer", () => {
    expect(() => checkInstall("rabbitmq", "package", "messaging.broker.install")).not.toThrow();
    expect(settingsOf({ servers: { install: "package" }, install: "container" }).install).toBe("container");
    expect(settingsOf({}).install).toBe("container");
  });

  it("configures RabbitMQ for the version that the distribution has", () => {
    const conf = (host: HostPlan) => file(host, "/etc/rabbitmq/rabbitmq.conf") ?? "";
    expect(conf(broker(1, { install: "package" }))).not.toMatch(/^default_queue_type/m);
    expect(conf(broker())).toMatch(/^default_queue_type = quorum$/m);
  });
});
