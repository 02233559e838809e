import { Release } from "@pulumi/kubernetes/helm/v3/release";
import * as pulumi from "@pulumi/pulumi";

import { type ChartName, chartReference, type ChartSource } from "./charts";

export interface ChartReleaseArgs {
  chart: ChartName;
  /** Name of the Helm release, up to 53 characters. REPLACES the release. */
  releaseName: string;
  /** Namespace, which must exist. REPLACES the release. */
  namespace: pulumi.Input<string>;
  /** The chart's values. In place, as Helm upgrades. */
  values: pulumi.Inputs;
  /** Where the chart is taken from, and its version. In place. */
  source?: ChartSource;
  /** Seconds to wait until everything of it is ready. Default 600. In place. */
  timeout?: number;
}

/** A chart installed by Helm, removed again when it does not become ready. */
export class ChartRelease extends pulumi.ComponentResource {
  /** Helm's name of it, known once it is ready: what needs the chart takes it from here. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ChartReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("openstack-fabric:index:ChartRelease", name, {}, opts);
    const { chart, version, repository } = chartReference(args.chart, args.source);
    const release = new Release(
      name,
      {
        ...{ chart, version, name: args.releaseName, namespace: args.namespace, values: args.values },
        repositoryOpts: repository === undefined ? undefined : { repo: repository },
        timeout: args.timeout ?? 600,
        atomic: true,
        cleanupOnFail: true,
      },
      { parent: this },
    );
    this.ready = release.status.name;
    this.registerOutputs({ ready: this.ready });
  }
}
