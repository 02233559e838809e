import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import * as pulumi from "@pulumi/pulumi";

import { recommendedLabels } from "../kubernetes/labels";
import { API_VERSION, planSparkApplication } from "./application";
import type { ApplicationArgs } from "./applicationArgs";

export interface SparkApplicationArgs extends ApplicationArgs {
  /** Name of the application. Default: the component's. REPLACES it. */
  applicationName?: string;
  /** A namespace of the platform's. REPLACES the application. */
  namespace: pulumi.Input<string>;
}

/** A run of a Spark application by the operator; what the object says anew is run anew. */
export class SparkApplication extends pulumi.ComponentResource {
  /** Name of the operator's object. */
  readonly applicationName: pulumi.Output<string>;

  constructor(name: string, args: SparkApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:SparkApplication", name, {}, opts);
    const applicationName = args.applicationName ?? name;
    const spec = planSparkApplication(applicationName, args);
    const labels = recommendedLabels({ name: "spark", instance: applicationName, version: spec.sparkVersion });
    const application = new CustomResource(
      name,
      {
        ...{ apiVersion: API_VERSION, kind: "SparkApplication" },
        metadata: { name: applicationName, namespace: args.namespace, labels },
        spec,
      },
      { parent: this },
    );
    this.applicationName = application.metadata.apply((metadata) => metadata.name ?? applicationName);
    this.registerOutputs({ applicationName: this.applicationName });
  }
}
