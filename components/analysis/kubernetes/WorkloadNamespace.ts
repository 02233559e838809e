import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";

import { type Part, recommendedLabels } from "./labels";
import { denyAll } from "./networkPolicies";
import { type PodSecurity, podSecurityLabels } from "./security";

export interface WorkloadNamespaceArgs {
  /** Name of the namespace. REPLACES it and all that is in it. */
  namespace: string;
  /** What it is for; becomes its labels. In place. */
  part: Part;
  /** Pod security level that is enforced. Default `restricted`. In place. */
  podSecurity?: PodSecurity;
  /** Kubernetes' own resource names and quantities, such as `limits.cpu: "200"`, `pods: "1000"`. Default: no quota. In place. */
  quota?: Record<string, string>;
  /** What a container gets that asks for nothing, such as `cpu: "1"`; needed with a quota. Default: nothing. In place. */
  containerDefaults?: Record<string, string>;
}

/** A namespace that is closed by default: pod security enforced, no traffic that no policy allows, a quota. */
export class WorkloadNamespace extends pulumi.ComponentResource {
  /** Its name, known once it is there. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: WorkloadNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:WorkloadNamespace", name, {}, opts);
    const labels = recommendedLabels(args.part);
    const namespace = new Namespace(
      name,
      {
        metadata: {
          name: args.namespace,
          labels: { ...labels, ...podSecurityLabels(args.podSecurity ?? "restricted") },
        },
      },
      { parent: this },
    );
    this.namespace = namespace.metadata.name;
    const metadata = (object: string) => ({ name: object, namespace: this.namespace, labels });
    new NetworkPolicy(`${name}-deny`, { metadata: metadata("default-deny"), spec: denyAll() }, { parent: this });
    if (args.quota !== undefined)
      new ResourceQuota(`${name}-quota`, { metadata: metadata("quota"), spec: { hard: args.quota } }, { parent: this });
    if (args.containerDefaults !== undefined) {
      const limits = [{ type: "Container", default: args.containerDefaults, defaultRequest: args.containerDefaults }];
      new LimitRange(`${name}-limits`, { metadata: metadata("defaults"), spec: { limits } }, { parent: this });
    }
    this.registerOutputs({ namespace: this.namespace });
  }
}
