import { QuoteSetV3 as CinderQuota } from "@pulumi/openstack/blockstorage/quoteSetV3";
import { QuotaSetV2 as NovaQuota } from "@pulumi/openstack/compute/quotaSetV2";
import { Quota as OctaviaQuota } from "@pulumi/openstack/loadbalancer/quota";
import { QuotaV2 as NeutronQuota } from "@pulumi/openstack/networking/quotaV2";
import * as pulumi from "@pulumi/pulumi";

import { quotasByService, type TenantQuotas } from "./tenantQuotas";

export interface TenantArgs {
  /** Id of the project. REPLACES the quota resources, which changes nothing in the project that is left. */
  projectId: pulumi.Input<string>;
  /** Its quotas; what is not given stays as the cloud has it. In place. */
  quotas: TenantQuotas;
}

/**
 * A project's quotas with Nova, Cinder, Neutron and Octavia. Its provider must be an administrator's. Destroying it
 * leaves the quotas as they are: OpenStack's provider removes none. Magnum's quota has no resource in it, and is
 * refused here with the administrator's command.
 */
export class Tenant extends pulumi.ComponentResource {
  /** The project, once its quotas are set: what needs them depends on this. */
  readonly projectId: pulumi.Output<string>;

  constructor(name: string, args: TenantArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:Tenant", name, {}, opts);
    const { compute, volume, network, loadBalancer } = quotasByService(args.quotas);
    const { projectId } = args;
    const parent = { parent: this };
    const set = [
      compute && new NovaQuota(`${name}-compute`, { projectId, ...compute }, parent).id,
      volume && new CinderQuota(`${name}-volume`, { projectId, ...volume }, parent).id,
      network && new NeutronQuota(`${name}-network`, { projectId, ...network }, parent).id,
      loadBalancer && new OctaviaQuota(`${name}-load-balancer`, { projectId, ...loadBalancer }, parent).id,
    ];
    // Known only once every quota is set.
    this.projectId = pulumi.all(set).apply(() => pulumi.output(projectId));
    this.registerOutputs({ projectId: this.projectId });
  }
}
