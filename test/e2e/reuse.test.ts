import { X509Certificate } from "node:crypto";
import { rmSync } from "node:fs";
import { dirname } from "node:path";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { extra, type Listing, listCloud } from "../../tools/sandbox/listing";
import { ensureStack, type Workspace } from "../../tools/workspace/workspace";
import { userCloud } from "../support/sandbox/cloud";
import { copyExample, installInto } from "./support/example";
import { destroy, run, up } from "./support/stack";

const outputsShape = z.object({
  routers: z.array(z.string()),
  apiAddress: z.string(),
  administratorCertificate: z.string(),
});

describe("another TypeScript program that has the npm package installed", () => {
  let program: Workspace;
  let before: Listing;

  beforeAll(async () => {
    program = copyExample("typescript-mesh", "reuse", await userCloud());
    await installInto(program);
    await ensureStack(program);
    before = await listCloud(program);
  });
  afterAll(() => rmSync(dirname(program.dir), { recursive: true, force: true }));

  it("has one copy of Pulumi's SDK, and neither Kubernetes' nor Docker's, which it does not use", async () => {
    const installed = await execa("npm", ["ls", "--all", "--parseable"], { cwd: program.dir });
    const packages = installed.stdout.split("\n").map((path) => path.slice(program.dir.length));
    expect(packages.filter((path) => path.endsWith("/@pulumi/pulumi"))).toEqual(["/node_modules/@pulumi/pulumi"]);
    expect(packages.filter((path) => /@pulumi\/(kubernetes|docker)$/.test(path))).toEqual([]);
    expect(packages).toContain("/node_modules/openstack-fabric");
  });

  it("passes a strict type check against the package's declarations", async () => {
    const flags = ["--noEmit", "--skipLibCheck", "false", "--noUncheckedIndexedAccess"];
    const checked = await execa("npx", ["tsc", "-p", ".", ...flags], { cwd: program.dir, reject: false, all: true });
    expect(checked.all).toBe("");
    expect(checked.exitCode).toBe(0);
  });

  it("deploys a mesh, a cluster, and a certificate that the cluster's authority signed", async () => {
    const { exitCode, output } = await up(program);
    expect(exitCode, output).toBe(0);
    const made = extra(await listCloud(program), before).map((item) => item.replace(/ \(.*/, ""));
    expect(made).toEqual(
      expect.arrayContaining(["servers: reuse-router-01", "servers: reuse-router-02", "clusters: reuse-analysis"]),
    );
    const printed = await run(program, "stack", "output", "--json");
    const outputs = outputsShape.parse(JSON.parse(printed.output));
    expect(outputs.routers).toEqual(["10.70.0.32:5671", "10.70.32.32:5671"]);
    expect(new X509Certificate(outputs.administratorCertificate).subject).toContain("CN=administrator");
  });

  it("changes nothing when it goes up again, though a certificate is looked at by code of the package", async () => {
    const { exitCode, output } = await up(program, "--expect-no-changes");
    expect(exitCode, output).toBe(0);
  });

  it("leaves every service's listing as it was when it is destroyed", async () => {
    const { exitCode, output } = await destroy(program);
    expect(exitCode, output).toBe(0);
    expect(await listCloud(program)).toEqual(before);
  });
});
