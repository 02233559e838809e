import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";

import { DeployCredential } from "../../components/tenancy/DeployCredential";
import { Tenant } from "../../components/tenancy/Tenant";
import { quotasByService } from "../../components/tenancy/tenantQuotas";
import { graphOf } from "../support/graph";

describe("a tenant's quotas", () => {
  it("go to the services that keep them, and to no other", async () => {
    const graph = await graphOf(
      () => new Tenant("physics", { projectId: "p1", quotas: { cores: 64, floatingIps: 3, loadBalancers: -1 } }),
    );
    expect(graph.map(({ type, name, inputs }) => [type, name, inputs])).toEqual([
      ["openstack-fabric:index:Tenant", "physics", {}],
      ["openstack:compute/quotaSetV2:QuotaSetV2", "physics-compute", { projectId: "p1", cores: 64 }],
      ["openstack:loadbalancer/quota:Quota", "physics-load-balancer", { projectId: "p1", loadbalancer: -1 }],
      ["openstack:networking/quotaV2:QuotaV2", "physics-network", { projectId: "p1", floatingip: 3 }],
    ]);
  });

  it("are refused all at once, Magnum's with the administrator's command", () => {
    const quotas = { cores: 1.5, volumes: -2, clusters: 4 };
    expect(() => quotasByService(quotas)).toThrow(
      /3 problems:[^]*quotas.cores` must be a whole number[^]*got -2[^]*coe quotas create/,
    );
  });
});

describe("a tenant's application credential", () => {
  afterEach(() => vi.restoreAllMocks());

  async function credentialOf(clusters?: boolean) {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    let secret: Promise<boolean> | undefined;
    const graph = await graphOf(() => {
      secret = pulumi.isSecret(new DeployCredential("deploy", { credentialName: "deploy", clusters }).secret);
    });
    expect(await secret).toBe(true);
    const inputs = graph.find(({ type }) => type.startsWith("openstack:identity"))?.inputs ?? {};
    return { inputs, warnings: warn.mock.calls.map(([text]) => text) };
  }

  it("is restricted unless clusters need it otherwise", async () => {
    const { inputs, warnings } = await credentialOf();
    expect(inputs).toMatchObject({ name: "deploy", unrestricted: false });
    expect(warnings).toEqual([]);
  });

  it("is unrestricted for Magnum's trusts, and that is said", async () => {
    const { inputs, warnings } = await credentialOf(true);
    expect(inputs["unrestricted"]).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(/is unrestricted, as Magnum's trusts need it/)]);
  });
});
