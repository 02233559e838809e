import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { judge } from "../../tools/policies/main";
import { type Violation, withPack } from "../../tools/policies/violations";
import { shippedStacks } from "../../tools/preview/main";
import { pulumi, removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { seededProgram } from "./support/seeded";

describe("the policy pack on the shipped stacks", () => {
  it.each(shippedStacks())("finds nothing: %s", async (stack) => {
    const { result, violations } = await judge(stack);
    expect(violations).toEqual([]);
    expect(result.ok, result.output).toBe(true);
    // That it was asked at all.
    expect(result.output).toMatch(/^\s*openstack-fabric\|local\|\S+policies\s+0\.1\.0$/m);
  });
});

/** A stack in which nothing is wrong, though much of it looks like what is. */
const IN_ORDER = `
const group = new openstack.compute.ServerGroup("group",
  { name: "seeded-brokers", policies: ["soft-anti-affinity"] }, opts);
const server = (key, more = {}) => new openstack.compute.Instance("broker-" + key, {
  name: "seeded-broker-" + key, flavorName: "m1.small", imageName: "debian-12", metadata,
  schedulerHints: [{ group: group.id }], userData: pulumi.secret("password = hunter2hunter2"), ...more,
}, opts);
const servers = ["01", "02", "03"].map((key) => server(key));
new openstack.networking.SecGroupRule("ssh-from-operators", {
  securityGroupId: "g", direction: "ingress", ethertype: "IPv4", protocol: "tcp", portRangeMin: 22, portRangeMax: 22,
  remoteIpPrefix: "198.51.100.0/24",
}, opts);
new openstack.blockstorage.Volume("kept", { name: "seeded-data", size: 1, metadata }, { ...opts, protect: true });
exports.url = pulumi.secret("rabbit://nova:hunter2@10.0.0.1:5671/openstack");
`;

/** Twelve violations, a statement each; the names say which rule each is for. */
const VIOLATIONS = `
const rule = (name, more) => new openstack.networking.SecGroupRule(name, {
  securityGroupId: "g", direction: "ingress", protocol: "tcp", ...more }, opts);
rule("ports-1", { ethertype: "IPv4", portRangeMin: 20, portRangeMax: 25, remoteIpPrefix: "0.0.0.0/1" });
rule("ports-2", { ethertype: "IPv6" });
new openstack.networking.Port("security-1",
  { name: "seeded-port", networkId: "n", tags, portSecurityEnabled: false }, opts);
const conf = "#cloud-config\\n" + JSON.stringify(
  { write_files: [{ path: "/etc/rabbitmq/rabbitmq.conf", content: "listeners.tcp.default = 5672\\n" }] });
const zipped = require("node:zlib").gzipSync(conf).toString("base64");
new openstack.compute.Instance("tls-1", { name: "seeded-tls", flavorName: "m1.small", imageName: "debian-12", metadata,
  userData: pulumi.secret(zipped) }, opts);
new openstack.compute.Instance("inputs-1", { name: "seeded-plain", flavorName: "m1.small", imageName: "debian-12",
  metadata, userData: "#!/bin/sh\\nexport DB_PASSWORD=hunter2hunter2\\n" }, opts);
exports.clear = pulumi.secret("rabbit://nova:hunter2@10.0.0.1:5672/openstack");
exports.plain = { url: "rabbit://nova:hunter2@10.0.0.1:5671/openstack" };
server("04", { schedulerHints: [] });
new openstack.blockstorage.Volume("volumes-1", { name: "seeded-lost", size: 1, metadata }, opts);
new openstack.networking.Network("names-1", { name: "seeded-net", tags: ["somebody"] }, opts);
new openstack.compute.Instance("images-1", { name: "seeded-image", flavorName: "m1.small", imageName: "windows", metadata,
  }, opts);
new openstack.compute.Instance("flavors-1", { name: "seeded-flavor", flavorName: "x9.huge", imageName: "debian-12",
  metadata }, opts);
`;

const LISTS = {
  "allowed-images": { allowed: ["debian-*"] },
  "allowed-flavors": { allowed: ["m1.*"] },
};

describe("the policy pack on a program of somebody else's", () => {
  const workspaces: Workspace[] = [];
  let bad: Workspace;
  beforeAll(async () => {
    bad = await program(IN_ORDER + VIOLATIONS);
  });
  afterAll(() => workspaces.forEach(removeWorkspace));

  async function program(source: string): Promise<Workspace> {
    const made = await seededProgram(source);
    workspaces.push(made);
    return made;
  }

  async function preview(workspace: Workspace, config: object) {
    const file = join(workspace.dir, "pack.json");
    writeFileSync(file, JSON.stringify(config));
    const run = (flags: string[], env: Record<string, string>) =>
      pulumi({ ...workspace, env: { ...workspace.env, ...env } }, ["preview", ...flags], { all: true });
    const { result, violations } = await withPack(run, file);
    return { exitCode: result.exitCode, output: String(result.all), violations };
  }

  it("finds the twelve seeded violations and no other, each by the rule that is for it", async () => {
    const { exitCode, output, violations } = await preview(bad, LISTS);
    expect(violations.map(short).toSorted(), output).toEqual([
      "allowed-flavors flavors-1",
      "allowed-images images-1",
      "data-volumes-protected volumes-1",
      "names-and-owner names-1",
      "no-open-management-ports ports-1",
      "no-open-management-ports ports-2",
      "no-plain-secrets-in-inputs inputs-1",
      "no-plain-secrets-in-outputs seeded-seeded",
      "port-security-on security-1",
      "quorum-anti-affinity broker-04",
      "tls-in-outputs seeded-seeded",
      "tls-on tls-1",
    ]);
    expect(exitCode).not.toBe(0);
  });

  it("quotes no secret in what it says", async () => {
    const { violations } = await preview(bad, LISTS);
    expect(JSON.stringify(violations)).not.toContain("hunter2");
  });

  it("warns only, or says nothing, where a rule's level is so", async () => {
    const { exitCode, violations } = await preview(bad, {
      ...LISTS,
      all: "advisory",
      "tls-on": "disabled",
      "data-volumes-protected": { exemptStacks: ["seeded"], enforcementLevel: "mandatory" },
    });
    expect(violations).toHaveLength(10);
    expect(new Set(violations.map(({ level }) => level))).toEqual(new Set(["advisory"]));
    expect(exitCode).toBe(0);
  });

  it("refuses a setting that no rule has, and one of the wrong kind", async () => {
    const { exitCode, output } = await preview(bad, { "quorum-anti-affinity": { smallest: "three" } });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/smallest/);
  });

  it("finds nothing in a stack that is in order", async () => {
    const { exitCode, output, violations } = await preview(await program(IN_ORDER), LISTS);
    expect(violations.map(short), output).toEqual([]);
    expect(exitCode, output).toBe(0);
  });
});

const short = ({ rule, urn }: Violation) => `${rule} ${urn.split("::").at(-1)}`;
