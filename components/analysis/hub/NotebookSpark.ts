import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import { Role } from "@pulumi/kubernetes/rbac/v1/role";
import { RoleBinding } from "@pulumi/kubernetes/rbac/v1/roleBinding";
import * as pulumi from "@pulumi/pulumi";

import { DataVolumes } from "../data/DataVolumes";
import { recommendedLabels } from "../kubernetes/labels";
import { WorkloadNamespace } from "../kubernetes/WorkloadNamespace";
import { DRIVER_RULES } from "../spark/rights";
import { type SessionPlan, SPARK_ACCOUNT, SPARK_CONFIG } from "./sparkSession";

export interface NotebookSparkArgs {
  /** Namespace of the notebooks, which must exist. */
  notebookNamespace: pulumi.Input<string>;
  /** Namespace of executors, made by this. REPLACES it. */
  namespace: string;
  session: SessionPlan;
  /** Quota of the executors' namespace. Default: none. In place. */
  quota?: Record<string, string>;
  /** Class of the CVMFS driver. Default: no CVMFS. */
  cvmfsClass?: pulumi.Input<string>;
  /** Class of the EOS driver. Default: no EOS. */
  eosClass?: pulumi.Input<string>;
}

/** What notebooks need to be drivers of Spark: a namespace for executors, rights and ways there, and configuration. */
export class NotebookSpark extends pulumi.ComponentResource {
  /** Namespace of executors. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: NotebookSparkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:NotebookSpark", name, {}, opts);
    const { session, quota, cvmfsClass, eosClass } = args;
    const parent = { parent: this };
    const part = { name: "spark", instance: name, component: "notebook-executor" };
    const { namespace } = new WorkloadNamespace(name, { namespace: args.namespace, part, quota }, parent);
    this.namespace = namespace;
    const labels = recommendedLabels(part);
    for (const [policy, spec] of Object.entries(session.executorPolicies))
      new NetworkPolicy(`${name}-${policy}`, { metadata: { name: policy, namespace, labels }, spec }, parent);
    if (cvmfsClass !== undefined || eosClass !== undefined)
      new DataVolumes(`${name}-data`, { namespace, instance: name, cvmfsClass, eosClass }, parent);
    this.rights(name, labels, args.notebookNamespace);
    new ConfigMap(
      `${name}-config`,
      { metadata: { name: SPARK_CONFIG, namespace: args.notebookNamespace, labels }, data: session.files },
      parent,
    );
    this.registerOutputs({ namespace });
  }

  /** Notebooks' account may make executors in their namespace, and nothing beside the hub. */
  private rights(name: string, labels: Record<string, string>, notebookNamespace: pulumi.Input<string>): void {
    const parent = { parent: this };
    const { namespace } = this;
    new ServiceAccount(
      `${name}-account`,
      { metadata: { name: SPARK_ACCOUNT, namespace: notebookNamespace, labels }, automountServiceAccountToken: false },
      parent,
    );
    const metadata = { name: SPARK_ACCOUNT, namespace, labels };
    new Role(`${name}-role`, { metadata, rules: DRIVER_RULES }, parent);
    new RoleBinding(
      `${name}-binding`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: SPARK_ACCOUNT },
        subjects: [{ kind: "ServiceAccount", name: SPARK_ACCOUNT, namespace: notebookNamespace }],
      },
      parent,
    );
  }
}
