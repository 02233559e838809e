import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import type { PackageSchema } from "../../plugin/schema";
import { extra, type Listing, listCloud } from "../../tools/sandbox/listing";
import { ensurePlugin } from "../../tools/workspace/plugins";
import { CHECKOUT, engineOptions, ensureStack, failOn, type Workspace } from "../../tools/workspace/workspace";
import { userCloud } from "../support/sandbox/cloud";
import { addPlugin, copyExample } from "./support/example";
import { destroy, run, stateOf, up } from "./support/stack";

const committed = JSON.parse(readFileSync(join(CHECKOUT, "plugin/schema.json"), "utf8")) as PackageSchema;

/** Adds the component package to an example, and installs what the program asks for. */
async function prepare(example: string, stack: string, engine: Record<string, string>): Promise<Workspace> {
  const program = copyExample(example, stack, { ...engine, ...(await userCloud()) });
  await addPlugin(program);
  failOn(await execa("pulumi", ["install"], engineOptions(program)), "pulumi install");
  await ensureStack(program);
  return program;
}

const namesOf = (listing: Listing, before: Listing) => extra(listing, before).map((item) => item.replace(/ \(.*/, ""));

describe("the component package, from the packed npm package", () => {
  let program: Workspace;
  let before: Listing;

  beforeAll(async () => {
    const engine = await ensurePlugin("language-yaml");
    program = await prepare("yaml-network", "yaml", engine);
    before = await listCloud(program);
  }, 1_800_000);
  afterAll(() => rmSync(dirname(program.dir), { recursive: true, force: true }));

  it("gives the engine the schema that is committed", async () => {
    const printed = await execa("pulumi", ["package", "get-schema", "openstack-fabric"], engineOptions(program));
    const served = JSON.parse(String(printed.stdout)) as PackageSchema;
    expect(served.version).toBe(committed.version);
    expect(served.resources).toEqual(committed.resources);
    expect(Object.keys(served.types)).toEqual(Object.keys(committed.types));
  });

  it("says in a YAML program what is wrong with an argument, without a stack trace", async () => {
    const file = join(program.dir, "Pulumi.yaml");
    const text = readFileSync(file, "utf8");
    for (const [cidr, reason] of [
      ["10.80.0.1/16", /`network\.cidr` has host bits set: got "10\.80\.0\.1\/16"\. Did you mean 10\.80\.0\.0\/16\?/],
      ["${monitored.groupId}", /`cidr` decides which resources there are, and must not be an output/],
    ] as const) {
      writeFileSync(file, text.replace("      cidr: 10.80.0.0/16", `      cidr: ${cidr}`));
      const { exitCode, output } = await run(program, "preview");
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(reason);
      expect(output).not.toMatch(/\.js:\d+/);
    }
    writeFileSync(file, text);
  });

  it("makes a network for a YAML program, changes nothing the second time, and leaves nothing", async () => {
    const first = await up(program);
    expect(first.exitCode, first.output).toBe(0);
    const made = namesOf(await listCloud(program), before);
    expect(made).toEqual(expect.arrayContaining(["networks: yaml-net", "subnets: yaml-az-2"]));
    const again = await up(program, "--expect-no-changes");
    expect(again.exitCode, again.output).toBe(0);
    const down = await destroy(program);
    expect(down.exitCode, down.output).toBe(0);
    expect(await listCloud(program)).toEqual(before);
  });
});

describe("a Python program that uses the component package", () => {
  const outputsShape = z.object({ brokers: z.array(z.string()), transportUrls: z.object({ nova: z.string() }) });
  let program: Workspace;
  let before: Listing;

  beforeAll(async () => {
    const engine = await ensurePlugin("language-python");
    program = await prepare("python-cluster", "python", engine);
    before = await listCloud(program);
  }, 1_800_000);
  afterAll(() => rmSync(dirname(program.dir), { recursive: true, force: true }));

  it("has an SDK with the components' arguments and what is said of them", () => {
    const sdk = join(program.dir, "sdks/openstack-fabric/pulumi_openstack_fabric");
    const network = readFileSync(join(sdk, "network.py"), "utf8");
    expect(network).toMatch(/external_network_id: .*pulumi\.Input\[/);
    expect(network).toContain("Availability zones; each gets a subnet.");
  });

  it("deploys a broker, a cluster and a group of nodes", async () => {
    const { exitCode, output } = await up(program);
    expect(exitCode, output).toBe(0);
    const made = namesOf(await listCloud(program), before);
    expect(made).toEqual(expect.arrayContaining(["servers: python-broker-01", "clusters: python-analysis"]));
    const printed = await run(program, "stack", "output", "--json", "--show-secrets");
    const outputs = outputsShape.parse(JSON.parse(printed.output));
    expect(outputs.brokers).toEqual(["10.90.0.10:5671"]);
    const password = /:\/\/nova:([^@]+)@/.exec(outputs.transportUrls.nova)?.[1] ?? "";
    expect(password.length).toBeGreaterThan(20);
    const state = JSON.stringify(await stateOf(program));
    expect(state + output).not.toContain(password);
  });

  it("changes nothing when it goes up again", async () => {
    const { exitCode, output } = await up(program, "--expect-no-changes");
    expect(exitCode, output).toBe(0);
  });

  it("leaves every service's listing as it was when it is destroyed", async () => {
    const { exitCode, output } = await destroy(program);
    expect(exitCode, output).toBe(0);
    expect(await listCloud(program)).toEqual(before);
  });
});
