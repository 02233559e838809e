import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { planBrokers } from "../../components/messaging/brokers/plan";
import {
  rabbitPasswordHash,
  renderDefinitions,
  renderRabbitmqConf,
} from "../../components/messaging/brokers/rabbitmq/config";
import { brokerUserData } from "../../components/messaging/brokers/rabbitmq/host";

const zones = [
  { zone: "az-1", cidr: "10.20.0.0/19" },
  { zone: "az-2", cidr: "10.20.32.0/19" },
];
const tls = { caPem: "CA-PEM", certPem: "CERT-PEM", keyPem: "KEY-PEM" };
const users = [{ name: "nova", password: "hunter2" }];

interface CloudConfig {
  hostname: string;
  write_files: { path: string; content: string; permissions: string }[];
  runcmd: string[][];
}
const read = (userData: string) => parse(userData) as CloudConfig;
const fileOf = (userData: string, path: string) => read(userData).write_files.find((file) => file.path === path);

describe("a broker's user data", () => {
  const plan = planBrokers("prod", 3, zones);
  const [member] = plan.members;
  const render = (nodes: number) => {
    const grown = planBrokers("prod", nodes, zones);
    if (member === undefined) throw new Error("no member");
    return brokerUserData({
      plan: grown,
      member,
      image: "rabbitmq:4",
      tls,
      cookie: "COOKIE",
      vhost: "openstack",
      users,
    });
  };

  it("is cloud-config that starts the container after the data volume is mounted", () => {
    const userData = render(3);
    expect(userData.startsWith("#cloud-config\n")).toBe(true);
    expect(read(userData).runcmd).toEqual([["/usr/local/sbin/fabric-setup"]]);
    const setup = fileOf(userData, "/usr/local/sbin/fabric-setup")?.content ?? "";
    const at = (text: string) => setup.indexOf(text);
    expect(at("fabric-data-disk /var/lib/rabbitmq")).toBeGreaterThan(at("nft -f"));
    expect(at("erlang.cookie")).toBeGreaterThan(at("fabric-data-disk"));
    expect(at("restart --no-block rabbitmq.service")).toBeGreaterThan(at("erlang.cookie"));
  });

  it("is the same text after the cluster has grown, so that no server is replaced", () => {
    expect(render(5)).toBe(render(3));
  });

  it("lets only root and the broker read keys and passwords", () => {
    for (const path of ["/etc/rabbitmq/tls/key.pem", "/etc/rabbitmq/definitions.json", "/etc/rabbitmq/erlang.cookie"]) {
      expect(fileOf(render(3), path)?.permissions).toBe("0400");
    }
  });

  it("carries users' passwords only as salted hashes", () => {
    expect(render(3)).not.toContain("hunter2");
    const hash = Buffer.from(rabbitPasswordHash("hunter2", "nova"), "base64");
    expect(hash).toHaveLength(36);
  });

  it("fits into what Nova takes as user data (64 KiB of base64)", () => {
    expect(Buffer.from(render(7)).toString("base64").length).toBeLessThan(65_535);
  });
});

describe("RabbitMQ's configuration", () => {
  const conf = renderRabbitmqConf(planBrokers("prod", 3, zones));

  it("opens no port without TLS, and makes queues quorum queues", () => {
    expect(conf).toContain("listeners.tcp = none\n");
    expect(conf).toContain("listeners.ssl.default = 5671\n");
    expect(conf).toContain("default_queue_type = quorum\n");
    expect(conf).not.toMatch(/tlsv1\.[01]\b/);
  });

  it("gives every service its user on the services' virtual host only, whose queues are quorum queues", () => {
    const definitions = JSON.parse(renderDefinitions("openstack", users)) as Record<string, Record<string, unknown>[]>;
    expect(definitions["permissions"]).toMatchObject([{ user: "nova", vhost: "openstack" }]);
    expect(definitions["vhosts"]).toMatchObject([{ name: "openstack", metadata: { default_queue_type: "quorum" } }]);
  });
});
