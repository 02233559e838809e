import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";

import { ChartRelease } from "../kubernetes/ChartRelease";
import type { ChartSource } from "../kubernetes/charts";
import { recommendedLabels } from "../kubernetes/labels";
import { mayReach } from "../kubernetes/networkPolicies";
import { WorkloadNamespace } from "../kubernetes/WorkloadNamespace";
import { type CvmfsPlan, planCvmfs } from "./cvmfsPlan";
import type { CvmfsSettings } from "./cvmfsSettings";

export interface CvmfsArgs {
  /**
   * What is mounted and how. In place; but a node takes up another configuration only when its plug-in's pod is deleted,
   * which breaks what is mounted there (the chart's `OnDelete`).
   */
  settings: CvmfsSettings;
  /** Namespace of the driver, made by this. Default `cvmfs-csi`. REPLACES the driver. */
  namespace?: string;
  /** Where the chart is taken from. In place. */
  source?: ChartSource;
  /** Path of the settings in the configuration, for errors. Default `analysis.data.cvmfs`. */
  field?: string;
}

/** CVMFS on every node, mounted by pods through claims: the CSI driver, its caches, its proxies. */
export class Cvmfs extends pulumi.ComponentResource {
  /** Class of claims on all repositories, known once it can be claimed. */
  readonly storageClass: pulumi.Output<string>;

  constructor(name: string, args: CvmfsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:Cvmfs", name, {}, opts);
    const plan = planCvmfs(args.settings, args.field);
    if (!plan.install) {
      this.storageClass = pulumi.output(plan.storageClass);
    } else {
      const part = { name: "cvmfs-csi", instance: name };
      // Mounts are made in the node's own namespaces, which only privileged pods may do.
      const { namespace } = new WorkloadNamespace(
        name,
        { namespace: args.namespace ?? "cvmfs-csi", part, podSecurity: "privileged" },
        { parent: this },
      );
      const before = this.surroundings(name, plan, namespace);
      const { ready } = new ChartRelease(
        `${name}-driver`,
        { chart: "cvmfs-csi", releaseName: "cvmfs-csi", namespace, values: plan.values, source: args.source },
        { parent: this, dependsOn: before },
      );
      this.storageClass = ready.apply(() => plan.storageClass);
    }
    this.registerOutputs({ storageClass: this.storageClass });
  }

  /** The way to proxies and to the API, and the shared cache. */
  private surroundings(name: string, plan: CvmfsPlan, namespace: pulumi.Output<string>): pulumi.Resource[] {
    const metadata = (object: string) => ({
      ...{ name: object, namespace },
      labels: recommendedLabels({ name: "cvmfs-csi", instance: name }),
    });
    // By ports only: proxies have names, and policies know none.
    const policy = new NetworkPolicy(
      `${name}-reach`,
      { metadata: metadata("reach"), spec: mayReach({}, [], plan.ports) },
      { parent: this },
    );
    if (plan.alienClaim === undefined) return [policy];
    const { name: claim, storageClass: storageClassName, size } = plan.alienClaim;
    const cache = new PersistentVolumeClaim(
      `${name}-cache`,
      {
        metadata: metadata(claim),
        spec: { storageClassName, accessModes: ["ReadWriteMany"], resources: { requests: { storage: size } } },
      },
      { parent: this },
    );
    return [policy, cache];
  }
}
