import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim";
import * as pulumi from "@pulumi/pulumi";

import { recommendedLabels } from "../kubernetes/labels";
import { CLAIMS } from "./mounts";

export interface DataVolumesArgs {
  /** Namespace of the pods that mount them, which must exist. REPLACES the claims. */
  namespace: pulumi.Input<string>;
  /** Name of the stack's data access, for labels. In place. */
  instance: string;
  /** Class of the CVMFS driver, as `Cvmfs.storageClass`. Default: no CVMFS. REPLACES the claim. */
  cvmfsClass?: pulumi.Input<string>;
  /** Class of the EOS driver, as `Eos.storageClass`. Default: no EOS. REPLACES the claim. */
  eosClass?: pulumi.Input<string>;
}

/** A namespace's claims on all of CVMFS and all of EOS, under the names that `dataMounts` expects. */
export class DataVolumes extends pulumi.ComponentResource {
  /** Names of the claims that are there; pods that mount them wait for this. */
  readonly claims: pulumi.Output<string[]>;

  constructor(name: string, args: DataVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:DataVolumes", name, {}, opts);
    const claim = (key: keyof typeof CLAIMS, storageClassName: pulumi.Input<string>, accessMode: string) =>
      new PersistentVolumeClaim(
        `${name}-${key}`,
        {
          metadata: {
            ...{ name: CLAIMS[key], namespace: args.namespace },
            labels: recommendedLabels({ name: key, instance: args.instance, component: "volume" }),
          },
          // The size means nothing to the drivers, but must be there.
          spec: { storageClassName, accessModes: [accessMode], resources: { requests: { storage: "1" } } },
        },
        { parent: this },
      ).metadata.name;
    // The modes are the drivers': CVMFS's accepts no other.
    this.claims = pulumi.all([
      ...(args.cvmfsClass === undefined ? [] : [claim("cvmfs", args.cvmfsClass, "ReadOnlyMany")]),
      ...(args.eosClass === undefined ? [] : [claim("eos", args.eosClass, "ReadWriteMany")]),
    ]);
    this.registerOutputs({ claims: this.claims });
  }
}
