import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource";
import * as pulumi from "@pulumi/pulumi";

import { recommendedLabels } from "../kubernetes/labels";
import { API_VERSION } from "./application";
import type { ScheduleArgs } from "./schedule";
import { planSchedule } from "./schedule";
import type { SparkApplicationArgs } from "./SparkApplication";

export interface ScheduledSparkApplicationArgs extends SparkApplicationArgs, ScheduleArgs {}

/** A Spark application that the operator runs by a schedule; a change is for runs to come. */
export class ScheduledSparkApplication extends pulumi.ComponentResource {
  /** Name of the operator's object. */
  readonly applicationName: pulumi.Output<string>;

  constructor(name: string, args: ScheduledSparkApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:ScheduledSparkApplication", name, {}, opts);
    const applicationName = args.applicationName ?? name;
    const spec = planSchedule(applicationName, args);
    const labels = recommendedLabels({ name: "spark", instance: applicationName, version: spec.template.sparkVersion });
    const application = new CustomResource(
      name,
      {
        ...{ apiVersion: API_VERSION, kind: "ScheduledSparkApplication" },
        metadata: { name: applicationName, namespace: args.namespace, labels },
        spec,
      },
      { parent: this },
    );
    this.applicationName = application.metadata.apply((metadata) => metadata.name ?? applicationName);
    this.registerOutputs({ applicationName: this.applicationName });
  }
}
