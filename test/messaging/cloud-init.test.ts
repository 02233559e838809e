import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type HostPlan, type HostSettings, hostFiles, renderCloudConfig } from "../../components/compute/cloudInit";
import { planBrokers } from "../../components/messaging/brokers/plan";
import { brokerHost } from "../../components/messaging/brokers/rabbitmq/host";
import { routerHost } from "../../components/messaging/mesh/host";
import { planMesh } from "../../components/messaging/mesh/plan";
import { createAuthority, issue } from "../support/certificates";
import { ensureDebian } from "../support/debian";

const zones = [{ zone: "az-1", cidr: "10.20.0.0/19" }];
const users = [{ name: "nova", password: "secret" }];

/** Every kind of server, with every setting. */
async function servers(): Promise<Record<string, { host: HostPlan; settings: HostSettings }>> {
  const authority = await createAuthority();
  const tls = await issue(authority, ["a-server"]);
  const settings: HostSettings = {
    registryMirrors: { "docker.io": "mirror.example.org/docker", "quay.io": "mirror.example.org/quay" },
    packageMirror: { main: "https://m.example.org/debian", security: "https://m.example.org/debian-security" },
    caPem: authority.caPem,
    logs: { host: "logs.example.org" },
    adminCidrs: ["10.0.0.0/8", "fd00::/64"],
  };
  const plan = planBrokers("prod", 3, zones);
  const mesh = planMesh("prod", { interior: 3, edges: { rack: { count: 1 } } }, zones);
  const broker = (member: (typeof plan.members)[number], own: HostSettings) => ({
    host: brokerHost({ plan, member, image: "rabbitmq:4.1.4", tls, cookie: "C", vhost: "v", users, settings: own }),
    settings: own,
  });
  const router = (planned: (typeof mesh.routers)[number] | (typeof mesh.edges)[number]) => ({
    host: routerHost({ router: planned, implementation: "skupper-router", image: "router:3", tls, users, settings }),
    settings,
  });
  return {
    ...Object.fromEntries(
      plan.members.slice(0, 2).map((member) => [`${member.hostName} (container)`, broker(member, {})]),
    ),
    ...Object.fromEntries(
      plan.members.slice(0, 2).map((m) => [`${m.hostName} (package)`, broker(m, { ...settings, install: "package" })]),
    ),
    ...Object.fromEntries(
      [...mesh.routers.slice(0, 2), ...mesh.edges].map((planned) => [planned.hostName, router(planned)]),
    ),
  };
}

describe("generated user data", () => {
  const folder = mkdtempSync(join(tmpdir(), "fabric-cloud-init-"));
  let all: Awaited<ReturnType<typeof servers>>;
  beforeAll(async () => {
    await ensureDebian(["cloud-init"], ["cloud-init"]);
    await ensureDebian(["nftables"], ["nft"]);
    await ensureDebian(["rsyslog", "rsyslog-openssl"], ["rsyslogd"]);
    all = await servers();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const written = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  /** What a tool says against the files of a kind, for every server. */
  const findings = async (fits: RegExp, check: (path: string) => string[]): Promise<string[]> => {
    const found: string[] = [];
    for (const [name, { host, settings }] of Object.entries(all)) {
      for (const file of hostFiles(host, settings).filter(({ path }) => fits.test(path))) {
        const [command = "", ...args] = check(written(file.path.replace(/.*\//, ""), file.content));
        const { exitCode, all: said } = await execa(command, args, { reject: false, all: true });
        if (exitCode !== 0) found.push(`${name} ${file.path}: ${said}`);
      }
    }
    return found;
  };

  it("fits cloud-init's own schema, for every kind of server", async () => {
    for (const [name, { host, settings }] of Object.entries(all)) {
      const path = written("user-data", renderCloudConfig(host, settings));
      const { all: said } = await execa("cloud-init", ["schema", "--config-file", path], { reject: false, all: true });
      expect(said, name).toMatch(/^Valid cloud-config/);
    }
  });

  it("is refused by that schema where it is wrong", async () => {
    const path = written("user-data", "#cloud-config\nwrite_files: [{ content: no path }]\n");
    const { exitCode } = await execa("cloud-init", ["schema", "--config-file", path], { reject: false });
    expect(exitCode).not.toBe(0);
  });

  it("has scripts that their interpreters take", async () => {
    expect(
      await findings(/fabric-setup$|fabric-data-disk$|fabric-health$|pre-start$/, (path) => ["sh", "-n", path]),
    ).toEqual([]);
    const compile = "import ast,sys; ast.parse(open(sys.argv[1]).read())";
    expect(await findings(/health-check$|fabric-members$/, (path) => ["python3", "-c", compile, path])).toEqual([]);
  });

  it("has a firewall that nftables takes", async () => {
    const isolated =
      process.getuid?.() === 0 ? ["unshare", "--net"] : ["unshare", "--user", "--map-root-user", "--net"];
    expect(await findings(/nftables\.conf$/, (path) => [...isolated, "nft", "--check", "--file", path])).toEqual([]);
  });

  it("has log shipping that rsyslog takes", async () => {
    expect(await findings(/rsyslog\.d/, (path) => ["rsyslogd", "-N1", "-f", path])).toEqual([]);
  });
});
