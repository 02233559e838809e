import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import type { Service } from "../../components/cloud/catalog";
import type { CloudClient } from "../../components/cloud/client";
import { listCloud } from "../../tools/sandbox/listing";
import { connectCloud } from "../../tools/workspace/cloud";
import { removeWorkspace, type Workspace } from "../../tools/workspace/workspace";
import { authUrl, clientOf, userCloud } from "../support/sandbox/cloud";
import { ensureKubernetes, kubeconfigsOf, nodeVersions } from "./support/kubernetes";
import { makeProgramStack, reconfigureProgram } from "./support/program";
import type { Sections } from "./support/sections";
import { destroy, makeStack, plannedOperations, run, stateOf, up } from "./support/stack";

const QUOTAS = { cores: 6, ramMib: 16_384, instances: 6, volumes: 3, volumeGib: 30, networks: 2, loadBalancers: 1 };

/** Keystone's option, as oslo.config reads it, without which no application credential may create trusts: preflight.test.ts. */
const TRUSTS = "OS_SECURITY_COMPLIANCE__ALLOW_INSECURE_APPLICATION_CREDENTIAL_TRUST_ESCALATION";

const outputsShape = z.object({
  projectId: z.string(),
  credentials: z.record(z.string(), z.object({ id: z.string(), secret: z.string() })),
});

/** A stack with one small cluster. */
const sections = (nodes: number): Sections => ({
  cloud: { release: "2026.1" },
  network: { zones: ["az-1"], cidr: "10.50.0.0/16", external: "public" },
  clusters: {
    templates: { small: { from: "kubernetes/small", image: "fedora-coreos", flavor: "m1.small" } },
    clusters: { own: { template: "small", nodes } },
  },
});

describe("a tenant of a cloud", () => {
  let tenancy: Workspace;
  let administrator: CloudClient;
  let password: string;
  let outputs: z.output<typeof outputsShape>;

  const tenancySections = async (quotas: object): Promise<Sections> => ({ quotas, password, authUrl: await authUrl() });
  /** The variables that log in by one of the tenant's application credentials. */
  const environmentOf = async (credential: "clusters" | "restricted"): Promise<Record<string, string>> => ({
    OS_AUTH_URL: await authUrl(),
    OS_AUTH_TYPE: "v3applicationcredential",
    OS_APPLICATION_CREDENTIAL_ID: outputs.credentials[credential]?.id ?? "",
    OS_APPLICATION_CREDENTIAL_SECRET: outputs.credentials[credential]?.secret ?? "",
  });
  /** A service's quotas of the tenant's project, as the service says them. */
  const quotasOf = async (service: Service, path: string, key: string): Promise<Record<string, number>> => {
    const shape = z.object({ [key]: z.looseObject({}) });
    return (await administrator.get(service, path, shape))[key] as Record<string, number>;
  };

  beforeAll(async () => {
    await ensureKubernetes();
    process.env[TRUSTS] = "true";
    // The program logs in as two users, which no OS_CLOUD may decide.
    const { OS_CLIENT_CONFIG_FILE = "" } = await userCloud();
    password = `${Math.random().toString(36).slice(2)}-${Math.random().toString(36).slice(2)}`;
    tenancy = await makeProgramStack("tenancy", await tenancySections(QUOTAS), { OS_CLIENT_CONFIG_FILE });
    administrator = await clientOf("sandbox-admin");
    const { exitCode, output } = await up(tenancy);
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/"lab-clusters" is unrestricted, as Magnum's trusts need it/);
    const printed = await run(tenancy, "stack", "output", "--json", "--show-secrets");
    outputs = outputsShape.parse(JSON.parse(printed.output));
  }, 1_800_000);
  afterAll(() => {
    delete process.env[TRUSTS];
    removeWorkspace(tenancy);
  });

  it("has its quotas with every service that keeps them, and others as the cloud had them", async () => {
    const { projectId } = outputs;
    const compute = await quotasOf("compute", `/os-quota-sets/${projectId}`, "quota_set");
    expect(compute).toMatchObject({ cores: 6, ram: 16_384, instances: 6 });
    const volume = await quotasOf("volume", `/os-quota-sets/${projectId}`, "quota_set");
    expect(volume).toMatchObject({ volumes: 3, gigabytes: 30 });
    const [network, untouched] = await Promise.all(
      [projectId, administrator.projectId].map((id) => quotasOf("network", `/quotas/${id}`, "quota")),
    );
    expect(network).toMatchObject({ network: 2, port: untouched?.["port"] });
    const balancers = await quotasOf("loadBalancer", `/lbaas/quotas/${projectId}`, "quota");
    expect(balancers["loadbalancer"] ?? balancers["load_balancer"]).toBe(1);
  });

  it("changes a quota in place, and has nothing else to do", async () => {
    reconfigureProgram(tenancy, await tenancySections({ ...QUOTAS, cores: 3 }));
    expect(Object.values(await plannedOperations(tenancy))).toEqual(["update"]);
    const { exitCode, output } = await up(tenancy);
    expect(exitCode, output).toBe(0);
    const compute = await quotasOf("compute", `/os-quota-sets/${outputs.projectId}`, "quota_set");
    expect(compute).toMatchObject({ cores: 3, instances: 6 });
  });

  it("shows neither a credential's secret nor the user's password in state or outputs", async () => {
    const state = JSON.stringify(await stateOf(tenancy));
    const shown = (await run(tenancy, "stack", "output", "--json")).output;
    for (const { secret } of Object.values(outputs.credentials)) expect(state + shown).not.toContain(secret);
  });

  it("cannot make a cluster by a restricted credential, and is told so before anything is made", async () => {
    const stack = await makeStack("tenant", sections(1), await environmentOf("restricted"));
    try {
      const before = await listCloud(stack);
      const { exitCode, output } = await up(stack);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/"lab-restricted" is restricted, and Magnum cannot create the trusts of clusters with it/);
      expect(await listCloud(stack)).toEqual(before);
    } finally {
      removeWorkspace(stack);
    }
  });

  it("is told of a quota that is too small for its cluster before anything is made", async () => {
    const stack = await makeStack("tenant", sections(5), await environmentOf("clusters"));
    try {
      const { exitCode, output } = await up(stack);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/Quota of cores: 6 more needed, 3 left \(limit 3, used 0\), short by 3/);
    } finally {
      removeWorkspace(stack);
    }
  });

  it("makes a cluster by the unrestricted one, works on it, and leaves nothing", async () => {
    const stack = await makeStack("tenant", sections(1), await environmentOf("clusters"));
    try {
      const before = await listCloud(stack);
      const { exitCode, output } = await up(stack);
      expect(exitCode, output).toBe(0);
      const nodes = await nodeVersions(stack, (await kubeconfigsOf(stack))["own"] ?? "");
      expect(nodes).toEqual([expect.stringMatching(/^default-master v1/), expect.stringMatching(/^default-worker v1/)]);
      expect((await connectCloud(stack)).projectId).toBe(outputs.projectId);
      const down = await destroy(stack);
      expect(down.exitCode, down.output).toBe(0);
      expect(await listCloud(stack)).toEqual(before);
    } finally {
      removeWorkspace(stack);
    }
  });

  it("goes with its project, its user and their credentials", async () => {
    const { exitCode, output } = await destroy(tenancy);
    expect(exitCode, output).toBe(0);
    await expect(environmentOf("clusters").then((env) => connectCloud({ dir: "", stack: "", env }))).rejects.toThrow();
  });
});
