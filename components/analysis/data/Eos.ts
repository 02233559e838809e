import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";

import { ChartRelease } from "../kubernetes/ChartRelease";
import type { ChartSource } from "../kubernetes/charts";
import { recommendedLabels } from "../kubernetes/labels";
import { API_SERVER_PORTS, mayReach } from "../kubernetes/networkPolicies";
import { WorkloadNamespace } from "../kubernetes/WorkloadNamespace";
import { KEYTAB_SECRET, planEos } from "./eosPlan";
import type { EosSettings } from "./eosSettings";

export interface EosArgs {
  /** What is mounted and how. In place: the driver's pods are replaced one node at a time, and mounts mended. */
  settings: EosSettings;
  /** The node's keytab; secret. Instead of `settings.keytabSecret`. In place. */
  keytab?: pulumi.Input<string>;
  /** Namespace of the driver, made by this. Default `eosxd-csi`. REPLACES the driver. */
  namespace?: string;
  /** Where the chart is taken from. In place. */
  source?: ChartSource;
  /** Path of the settings in the configuration, for errors. Default `analysis.data.eos`. */
  field?: string;
}

/** EOS on every node, mounted by pods through claims: the CSI driver and its instances. */
export class Eos extends pulumi.ComponentResource {
  /** Class of claims on all instances, known once it can be claimed. */
  readonly storageClass: pulumi.Output<string>;

  constructor(name: string, args: EosArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:Eos", name, {}, opts);
    const settings = args.keytab === undefined ? args.settings : { ...args.settings, keytabSecret: KEYTAB_SECRET };
    const plan = planEos(settings, args.field);
    if (!plan.install) {
      this.storageClass = pulumi.output(plan.storageClass);
    } else {
      const part = { name: "eosxd-csi", instance: name };
      // Mounts are made in the node's own namespaces, which only privileged pods may do.
      const { namespace } = new WorkloadNamespace(
        name,
        { namespace: args.namespace ?? "eosxd-csi", part, podSecurity: "privileged" },
        { parent: this },
      );
      const before = this.surroundings(name, namespace, args.keytab);
      const { ready } = new ChartRelease(
        `${name}-driver`,
        { chart: "eosxd-csi", releaseName: "eosxd-csi", namespace, values: plan.values, source: args.source },
        { parent: this, dependsOn: before },
      );
      this.storageClass = ready.apply(() => plan.storageClass);
    }
    this.registerOutputs({ storageClass: this.storageClass });
  }

  /** The controller's way to Kubernetes' API (the nodes' client is in the nodes' network), and the keytab. */
  private surroundings(name: string, namespace: pulumi.Output<string>, keytab?: pulumi.Input<string>) {
    const metadata = (object: string) => ({
      ...{ name: object, namespace },
      labels: recommendedLabels({ name: "eosxd-csi", instance: name }),
    });
    const parent = { parent: this };
    const before: pulumi.Resource[] = [
      new NetworkPolicy(
        `${name}-reach`,
        { metadata: metadata("reach"), spec: mayReach({}, [], API_SERVER_PORTS) },
        parent,
      ),
    ];
    if (keytab !== undefined)
      before.push(
        new Secret(
          `${name}-keytab`,
          { metadata: metadata(KEYTAB_SECRET), stringData: { "eos.keytab": pulumi.secret(keytab) } },
          parent,
        ),
      );
    return before;
  }
}
